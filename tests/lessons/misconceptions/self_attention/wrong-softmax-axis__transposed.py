def scaled_dot_product_attention(Q, K, V):
    scores = qk_scores(K, Q) / np.sqrt(np.shape(Q)[1])
    weights = softmax(scores).T
    return weights @ V, weights
