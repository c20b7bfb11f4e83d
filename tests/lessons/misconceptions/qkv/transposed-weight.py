def project_qkv(X, W_q, W_k, W_v):
    X = np.asarray(X, dtype=float)
    return X @ W_q.T, X @ W_k.T, X @ W_v.T
