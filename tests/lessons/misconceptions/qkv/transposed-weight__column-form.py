def project_qkv(X, W_q, W_k, W_v):
    X = np.asarray(X, dtype=float)
    return (W_q @ X.T).T, (W_k @ X.T).T, (W_v @ X.T).T
