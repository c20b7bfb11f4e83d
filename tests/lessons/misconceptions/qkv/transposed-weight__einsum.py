def project_qkv(X, W_q, W_k, W_v):
    return [np.einsum("nd,kd->nk", X, W) for W in (W_q, W_k, W_v)]
