def project_qkv(X, W_q, W_k, W_v):
    Q, K = np.dot(X, W_q), np.dot(X, W_k)
    return Q, K, K
