def scaled_dot_product_attention(Q, K, V):
    weights = softmax(np.mean(np.asarray(Q, float)[:, None] * np.asarray(K, float), axis=2))
    return weights @ V, weights
