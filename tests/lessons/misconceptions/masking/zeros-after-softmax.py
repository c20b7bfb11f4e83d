"""rows that lose what the masked keys had

1. What do your rows add up to, with a mask and without one?
2. What happens to the share of a key that must not be looked at: is it spread over the others,
   or lost?
3. Let the mask change the scores, to -inf; then softmax shares out everything among the rest.
"""


def masked_attention(Q, K, V, mask=None):
    Q, K, V = (np.asarray(a, dtype=float) for a in (Q, K, V))
    scores = Q @ np.swapaxes(K, -1, -2) / np.sqrt(K.shape[-1])
    weights = softmax(scores)
    if mask is not None:
        weights = weights * mask
    return weights @ V, weights
