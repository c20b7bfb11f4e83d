def self_attention(X, W_q, W_k, W_v):
    d = len(W_q)
    weights = softmax((X @ W_q / d**0.5) @ (X @ W_k).T, axis=1)
    return weights @ X @ W_v, weights
