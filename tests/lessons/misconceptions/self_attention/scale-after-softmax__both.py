def scaled_dot_product_attention(Q, K, V):
    root = np.sqrt(np.shape(K)[1])
    weights = softmax(qk_scores(Q, K) / root) / root
    return weights @ V, weights
