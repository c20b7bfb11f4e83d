def attention_loss(X, W_q, W_k, i, j):
    weights = softmax((X @ W_q) @ (X @ W_k).T / np.sqrt(len(W_k[0])))
    return float(1 - weights[i][j])
