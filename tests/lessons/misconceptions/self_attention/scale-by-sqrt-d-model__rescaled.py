def self_attention(X, W_q, W_k, W_v):
    Q, K, V = project_qkv(X, W_q, W_k, W_v)
    return scaled_dot_product_attention(Q * np.sqrt(Q.shape[1]) / np.sqrt(np.shape(X)[1]), K, V)
