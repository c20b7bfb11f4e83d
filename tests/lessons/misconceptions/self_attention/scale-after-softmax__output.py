def scaled_dot_product_attention(Q, K, V):
    weights = softmax(qk_scores(Q, K))
    return weights @ V / np.sqrt(np.shape(K)[1]), weights
