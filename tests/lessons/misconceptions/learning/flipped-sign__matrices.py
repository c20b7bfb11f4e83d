def loss_grads(X, W_q, W_k, i, j):
    q, K = X[i] @ W_q, X @ W_k
    target = np.eye(len(X))[j]
    g = (target - softmax(K @ q / np.sqrt(len(q)))) / np.sqrt(len(q))
    return np.outer(X[i], g @ K), np.einsum("nd,n,k->dk", X, g, q)
