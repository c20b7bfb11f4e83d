def scaled_dot_product_attention(Q, K, V):
    scores = qk_scores(Q, K) / np.sqrt(np.shape(K)[1])
    weights = scores / scores.sum(axis=1, keepdims=True)
    return weights @ V, weights
