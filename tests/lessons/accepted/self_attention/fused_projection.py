def self_attention(X, W_q, W_k, W_v):
    scores = X @ (W_q @ W_k.T) @ X.T / np.sqrt(W_q.shape[1])
    weights = softmax(scores)
    return weights @ X @ W_v, weights
