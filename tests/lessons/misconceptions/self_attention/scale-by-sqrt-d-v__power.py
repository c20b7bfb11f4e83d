def scaled_dot_product_attention(Q, K, V):
    d = len(V[0])
    weights = softmax(qk_scores(Q, K) * d**-0.5, axis=1)
    return np.dot(weights, V), weights
