def project_qkv(X, W_q, W_v, W_k):
    Q = np.einsum("nd,dk->nk", X, W_q)
    K = np.einsum("nd,dk->nk", X, W_k)
    V = np.einsum("nd,dk->nk", X, W_v)
    return Q, K, V
