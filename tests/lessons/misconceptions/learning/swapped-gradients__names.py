def loss_grads(X, W_q, W_k, i, j):
    q, K = X[i] @ W_q, X @ W_k
    root = np.sqrt(W_q.shape[1])
    g = softmax_grad(softmax(K @ q / root), j) / root
    dW_q = np.dot(X.T, g[:, None] * q)
    dW_k = X[i][:, None] * (g @ K)
    return dW_q, dW_k
