def project_qkv(X, W_q, W_k, W_v):
    return [X @ W_v for _ in range(3)]
