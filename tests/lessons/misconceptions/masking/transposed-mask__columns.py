def masked_attention(Q, K, V, mask=None):
    Q, K, V = (np.asarray(a, dtype=float) for a in (Q, K, V))
    scores = np.einsum("...id,...jd->...ij", Q, K) * K.shape[-1] ** -0.5
    if mask is not None:
        scores = np.where(mask, np.swapaxes(scores, -1, -2), -np.inf)
        scores = np.swapaxes(scores, -1, -2)
    weights = softmax(scores)
    return weights @ V, weights
