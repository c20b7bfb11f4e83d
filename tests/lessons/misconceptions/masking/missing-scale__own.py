def masked_attention(Q, K, V, mask=None):
    scores = np.matmul(Q, np.moveaxis(np.array(K, dtype=float), -1, -2))
    if mask is not None:
        scores[~np.broadcast_to(mask, scores.shape)] = -np.inf
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = e / e.sum(axis=-1, keepdims=True)
    return weights @ V, weights
