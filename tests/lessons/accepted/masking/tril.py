def causal_mask(n):
    return np.tril(np.ones((n, n))) == 1

def padding_mask(lengths, n):
    return np.less(np.arange(n), np.reshape(lengths, (-1, 1)))

def masked_attention(Q, K, V, mask=None):
    scores = np.einsum("...id,...jd->...ij", Q, K) / np.shape(K)[-1] ** 0.5
    if mask is None:
        mask = np.ones(scores.shape[-2:], dtype=bool)
    weights = softmax(np.where(mask, scores, -np.inf))
    return np.einsum("...ij,...jd->...id", weights, V), weights
