def loss_grads(X, W_q, W_k, i, j):
    q, K = X[i] @ W_q, X @ W_k
    g = softmax_grad(softmax(K @ q / np.sqrt(len(q))), j) / np.sqrt(len(q))
    dW_q, dW_k = np.outer(X[i], g @ K), X.T @ np.outer(g, q)
    return dW_q.T, dW_k.T
