"""a scale that depends on how many keys there are

1. Add ten keys. Should the other scores change?
2. Which axis does your `shape[…]` or `len` read: that of the keys, or that of their numbers?
3. d_k is the size of the last axis of K, `K.shape[-1]`.
"""


def masked_attention(Q, K, V, mask=None):
    Q, K, V = (np.asarray(a, dtype=float) for a in (Q, K, V))
    scores = Q @ np.swapaxes(K, -1, -2) / np.sqrt(K.shape[-2])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = softmax(scores)
    return weights @ V, weights
