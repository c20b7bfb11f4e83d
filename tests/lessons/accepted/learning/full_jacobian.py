def softmax_grad(weights, j):
    w = np.asarray(weights, dtype=float)
    return np.array([w[k] if k != j else w[k] - 1 for k in range(w.size)])


def loss_grads(X, W_q, W_k, i, j):
    d_k = W_q.shape[1]
    w = softmax(X @ W_k @ (X[i] @ W_q) / np.sqrt(d_k))
    jacobian = np.diag(w) - np.outer(w, w)  # of softmax, (n, n)
    onto_j = np.zeros(len(w))
    onto_j[j] = -1 / w[j]  # of -log
    g = onto_j @ jacobian
    dM = np.outer(X[i], g @ X) / np.sqrt(d_k)  # by W_q @ W_k.T, (d, d)
    return dM @ W_k, dM.T @ W_q
