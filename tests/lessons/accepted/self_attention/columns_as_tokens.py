def scaled_dot_product_attention(Q, K, V):
    weights = softmax(K @ Q.T / np.sqrt(K.shape[1]), axis=0)  # (n_k, n_q): every column sums to 1
    return (V.T @ weights).T, weights.T

def self_attention(X, W_q, W_k, W_v):
    return scaled_dot_product_attention((W_q.T @ X.T).T, (W_k.T @ X.T).T, (W_v.T @ X.T).T)
