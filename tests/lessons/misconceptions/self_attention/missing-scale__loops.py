def scaled_dot_product_attention(Q, K, V):
    weights = np.array([softmax([np.dot(q, k) for k in K]) for q in Q])
    return [weights @ np.asarray(V, dtype=float), weights]
