def scaled_dot_product_attention(Q, K, V):
    weights = softmax(qk_scores(Q, K) / np.sqrt(np.shape(K)[1]))
    return (weights @ V,)
