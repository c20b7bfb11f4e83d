def project_qkv(X, W_q, W_k, W_v):
    Q, K, V = (np.matmul(X, W) for W in (W_q, W_k, W_v))
    return K, Q, V
