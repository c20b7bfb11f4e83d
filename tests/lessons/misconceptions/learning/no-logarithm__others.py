def attention_loss(X, W_q, W_k, i, j):
    shares = softmax(X @ W_k @ (X[i] @ W_q) / np.sqrt(W_q.shape[1]))
    return float(sum(share for place, share in enumerate(shares) if place != j))
