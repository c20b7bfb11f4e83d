def project_qkv(X, W_q, W_k, W_v):
    X = np.asarray(X, dtype=float)
    return tuple(np.einsum('nd,dk->nk', X, W) for W in (W_q, W_k, W_v))

def qk_scores(Q, K):
    return np.einsum('ik,jk->ij', Q, K)
