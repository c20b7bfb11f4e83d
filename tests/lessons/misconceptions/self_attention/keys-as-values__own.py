def scaled_dot_product_attention(Q, K, V):
    e = np.exp(np.inner(Q, K) / np.shape(K)[1] ** 0.5)
    weights = e / e.sum(axis=1)[:, None]
    return np.einsum("qk,kd->qd", weights, K), weights
