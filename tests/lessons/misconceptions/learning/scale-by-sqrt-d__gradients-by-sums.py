def loss_grads(X, W_q, W_k, i, j):
    q, K = X[i] @ W_q, X @ W_k
    root = len(W_k) ** 0.5
    w = softmax(K @ q / root)
    dW_q, dW_k = np.zeros(np.shape(W_q)), np.zeros(np.shape(W_k))
    for m in range(len(X)):
        g = (w[m] - (m == j)) / root
        dW_q += g * np.outer(X[i], K[m])
        dW_k += g * np.outer(X[m], q)
    return dW_q, dW_k
