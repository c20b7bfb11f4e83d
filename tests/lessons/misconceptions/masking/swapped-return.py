"""weights in the first place and the output in the second

1. Look at the two shapes that come back. Which one is the output's?
2. Compare your `return` with the docstring: what comes first?
3. The output first, then the weights.
"""


def masked_attention(Q, K, V, mask=None):
    Q, K, V = (np.asarray(a, dtype=float) for a in (Q, K, V))
    scores = Q @ np.swapaxes(K, -1, -2) / np.sqrt(K.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = softmax(scores)
    return weights, weights @ V
