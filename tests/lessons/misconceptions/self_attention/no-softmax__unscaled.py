def scaled_dot_product_attention(Q, K, V):
    weights = np.asarray(Q, dtype=float) @ np.transpose(K)
    return weights @ V, weights
