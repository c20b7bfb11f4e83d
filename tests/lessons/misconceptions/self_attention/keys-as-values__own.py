def scaled_dot_product_attention(Q, K, V):
    scores = np.inner(Q, K) / np.shape(K)[1] ** 0.5
    e = np.exp(scores - scores.max(axis=1)[:, None])
    weights = e / e.sum(axis=1)[:, None]
    return np.einsum("qk,kd->qd", weights, K), weights
