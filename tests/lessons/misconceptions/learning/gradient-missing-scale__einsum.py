def loss_grads(X, W_q, W_k, i, j):
    q, K = X[i] @ W_q, X @ W_k
    g = softmax_grad(softmax(np.einsum("nk,k->n", K, q) * len(q) ** -0.5), j)
    return np.einsum("d,n,nk->dk", X[i], g, K), np.einsum("nd,n,k->dk", X, g, q)
