def attention_loss(X, W_q, W_k, i, j):
    weights = softmax((X @ W_q) @ (X @ W_k).T / W_q.shape[1] ** 0.5, axis=-1)
    return np.log(weights[i, j])
