def self_attention(X, W_q, W_k, W_v):
    Q, K, V = project_qkv(X, W_q, W_k, W_v)
    weights = np.einsum("qd,kd->qk", Q, K) / np.sqrt(len(W_k.T))
    return weights @ V, weights
