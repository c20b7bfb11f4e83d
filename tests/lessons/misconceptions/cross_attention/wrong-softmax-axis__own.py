def cross_attention(X, Y, W_q, W_k, W_v):
    scores = np.einsum("nk,mk->nm", X @ W_q, Y @ W_k) / W_k.shape[1] ** 0.5
    weights = np.exp(scores - scores.max())
    weights = weights / weights.sum(axis=0)
    return weights @ (Y @ W_v), weights
