def project_qkv(X, W_q, W_k, W_v):
    return X @ W_k, X @ W_k, X @ W_v
