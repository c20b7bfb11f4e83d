def project_qkv(X, W_q, W_k, W_v):
    return [np.dot(W, X) for W in (W_q, W_k, W_v)]
