import numpy as np


def causal_mask(n):
    return np.greater_equal.outer(range(n), range(n))


def padding_mask(lengths, n):
    return np.less.outer(range(n), lengths).T


def masked_attention(Q, K, V, mask=True):
    # a mask of True, which is the same as none, broadcasts to everything
    scores = np.einsum("...id,...jd->...ij", Q, K) / K.shape[-1] ** 0.5
    scores = np.where(True if mask is None else mask, scores, -np.inf)
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = powers / powers.sum(axis=-1, keepdims=True)
    return weights @ V, weights
