def self_attention(X, W_q, W_k, W_v):
    Q, K, V = project_qkv(X, W_q, W_k, W_v)
    e = np.exp(np.einsum("qd,kd->qk", Q, K))
    weights = e / e.sum(axis=1, keepdims=True) / np.sqrt(W_k.shape[1])
    return weights @ V, weights
