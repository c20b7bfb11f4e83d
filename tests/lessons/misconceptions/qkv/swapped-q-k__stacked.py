def project_qkv(X, W_q, W_k, W_v):
    d_k = W_q.shape[1]
    both = np.asarray(X, dtype=float) @ np.hstack([W_k, W_q])
    return both[:, :d_k], both[:, d_k:], X @ W_v
