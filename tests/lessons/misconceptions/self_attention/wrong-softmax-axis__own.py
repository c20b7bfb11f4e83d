def scaled_dot_product_attention(Q, K, V):
    e = np.exp(np.asarray(Q) @ np.asarray(K).T / np.sqrt(np.shape(Q)[1]))
    weights = e / np.sum(e, axis=0)
    return weights @ V, weights
