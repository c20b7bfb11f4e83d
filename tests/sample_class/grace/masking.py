import numpy as np
from softmax import softmax


def causal_mask(n):
    return np.array([[j <= i for j in range(n)] for i in range(n)])


def padding_mask(lengths, n):
    return np.array([[j < length for j in range(n)] for length in lengths])


def masked_attention(Q, K, V, mask=None):
    scores = Q @ np.swapaxes(K, -1, -2) / np.sqrt(K.shape[-1])
    weights = softmax(scores)
    if mask is not None:
        weights = weights * mask
    return weights @ V, weights
