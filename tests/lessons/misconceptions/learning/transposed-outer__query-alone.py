def loss_grads(X, W_q, W_k, i, j):
    q, K = X[i] @ W_q, X @ W_k
    root = W_k.shape[1] ** 0.5
    g = softmax_grad(softmax(K @ q / root), j) / root
    return (g @ K)[:, None] * X[i][None, :], X.T @ np.outer(g, q)
