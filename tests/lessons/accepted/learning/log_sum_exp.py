def attention_loss(X, W_q, W_k, i, j):
    scores = np.asarray(X @ W_k @ (X[i] @ W_q), dtype=float) / np.sqrt(np.shape(W_k)[1])
    top = scores.max()
    return top + np.log(np.exp(scores - top).sum()) - scores[j]
