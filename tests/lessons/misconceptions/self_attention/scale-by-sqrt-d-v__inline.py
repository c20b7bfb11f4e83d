def self_attention(X, W_q, W_k, W_v):
    Q, K, V = project_qkv(X, W_q, W_k, W_v)
    e = np.exp(Q @ K.T / np.sqrt(W_v.shape[1]))
    weights = e / e.sum(axis=-1, keepdims=True)
    return weights @ V, weights
