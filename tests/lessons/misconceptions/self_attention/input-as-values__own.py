def self_attention(X, W_q, W_k, W_v):
    X = np.asarray(X, dtype=float)
    weights = softmax((X @ W_q) @ (X @ W_k).T / np.sqrt(W_k.shape[1]))
    return weights @ X, weights
