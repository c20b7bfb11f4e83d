def masked_attention(Q, K, V, mask=None):
    scores = np.einsum("...id,...jd->...ij", Q, K).astype(float)
    mask = np.ones(scores.shape[-2:], dtype=bool) if mask is None else mask
    weights = softmax(np.where(mask, scores, -np.inf))
    return weights @ V, weights
