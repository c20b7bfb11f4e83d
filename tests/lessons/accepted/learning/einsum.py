def softmax_grad(weights, j):
    return np.asarray(weights, dtype=float) - (np.arange(len(weights)) == j)


def loss_grads(X, W_q, W_k, i, j):
    q, K = np.einsum("d,dk->k", X[i], W_q), np.einsum("nd,dk->nk", X, W_k)
    g = softmax_grad(softmax(np.einsum("nk,k->n", K, q) / len(q) ** 0.5), j) / len(q) ** 0.5
    return np.einsum("d,n,nk->dk", X[i], g, K), np.einsum("n,nd,k->dk", g, X, q)
