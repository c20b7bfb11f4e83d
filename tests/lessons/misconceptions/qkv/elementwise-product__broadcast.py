def project_qkv(X, W_q, W_k, W_v):
    return tuple(np.multiply(W, X) for W in (W_q, W_k, W_v))
