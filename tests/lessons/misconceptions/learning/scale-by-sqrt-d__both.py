def attention_loss(X, W_q, W_k, i, j):
    return float(-np.log(softmax(X @ W_k @ (X[i] @ W_q) / np.sqrt(X.shape[-1]))[j]))


def loss_grads(X, W_q, W_k, i, j):
    q, K = X[i] @ W_q, X @ W_k
    scale = 1 / np.sqrt(X.shape[-1])
    g = softmax_grad(softmax(scale * (K @ q)), j)
    return scale * np.outer(X[i], g @ K), scale * (X.T @ np.outer(g, q))
