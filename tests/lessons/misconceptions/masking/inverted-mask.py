"""attention to exactly what is masked

1. True means “may look”. Which keys get a share in your result?
2. Read your `np.where` aloud: if the mask is True, then …
3. A score stays where the mask is True, and becomes -inf where it is False.
"""


def masked_attention(Q, K, V, mask=None):
    Q, K, V = (np.asarray(a, dtype=float) for a in (Q, K, V))
    scores = Q @ np.swapaxes(K, -1, -2) / np.sqrt(K.shape[-1])
    if mask is not None:
        scores = np.where(mask, -np.inf, scores)
    weights = softmax(scores)
    return weights @ V, weights
