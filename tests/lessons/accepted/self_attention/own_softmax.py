def scaled_dot_product_attention(Q, K, V):
    s = Q @ K.T * Q.shape[1] ** -0.5
    e = np.exp(s - s.max(1)[:, None])
    return e @ V / e.sum(1)[:, None], e / e.sum(1)[:, None]

def self_attention(X, W_q, W_k, W_v):
    Q, K, V = X @ W_q, X @ W_k, X @ W_v
    s = Q @ K.T * Q.shape[1] ** -0.5
    e = np.exp(s - s.max(1)[:, None])
    return [e @ V / e.sum(1)[:, None], e / e.sum(1)[:, None]]
