def attention_loss(X, W_q, W_k, i, j):
    scores = X @ W_k @ (X[i] @ W_q)
    top = scores.max()
    return float(top + np.log(np.exp(scores - top).sum()) - scores[j])
