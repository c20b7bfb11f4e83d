def masked_attention(Q, K, V, mask=None):
    Q, K, V = (np.asarray(a, dtype=float) for a in (Q, K, V))
    scores = np.einsum("...id,...jd->...ij", Q, K) * K.shape[-1] ** -0.5
    weights = softmax(scores)
    if mask is not None:
        weights[~np.broadcast_to(mask, weights.shape)] = 0.0
    return weights @ V, weights
