def self_attention(X, W_q, W_k, W_v):
    Q, K, V = project_qkv(X, W_q, W_k, W_v)
    e = np.e ** (Q @ K.T / np.sqrt(W_k.shape[1]))
    weights = (e.T / e.sum(axis=1)).T
    return weights @ V, weights
