def self_attention(X, W_q, W_k, W_v):
    Q, K, V = project_qkv(X, W_q, W_k, W_v)
    weights = softmax(Q @ K.T / W_q.shape[1])
    return weights @ V, weights
