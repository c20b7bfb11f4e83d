def loss_grads(X, W_q, W_k, i, j):
    q, K = X[i] @ W_q, X @ W_k
    g = softmax_grad(softmax(K @ q / len(q) ** 0.5), j) / len(q) ** 0.5
    grads = [np.einsum("nd,n,k->dk", X, g, q)]
    grads.append(np.outer(X[i], K.T @ g))
    return grads
