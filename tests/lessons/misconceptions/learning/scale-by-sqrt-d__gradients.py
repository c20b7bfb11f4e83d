def loss_grads(X, W_q, W_k, i, j):
    query, keys = X[i] @ W_q, X @ W_k
    root = np.sqrt(np.shape(X)[1])
    grad = softmax_grad(softmax(keys @ query / root), j) / root
    return np.outer(X[i], grad @ keys), X.T @ np.outer(grad, query)
