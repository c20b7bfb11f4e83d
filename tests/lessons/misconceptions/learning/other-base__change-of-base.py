def attention_loss(X, W_q, W_k, i, j):
    share = softmax((X[i] @ W_q) @ (X @ W_k).T / W_k.shape[1] ** 0.5)[j]
    return -np.log(share) / np.log(2)
