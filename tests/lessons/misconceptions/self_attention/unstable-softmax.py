def scaled_dot_product_attention(Q, K, V):
    Q, K, V = (np.asarray(a, dtype=float) for a in (Q, K, V))
    weights = np.exp(Q @ K.T / np.sqrt(Q.shape[1]))
    weights = weights / weights.sum(axis=1, keepdims=True)
    output = weights @ V
    return output, weights
