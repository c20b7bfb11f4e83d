def self_attention(X, W_q, W_k, W_v):
    e = np.exp((X @ W_q) @ (X @ W_k).T)
    weights = e / e.sum(axis=1, keepdims=True)
    return weights @ (X @ W_v), weights
