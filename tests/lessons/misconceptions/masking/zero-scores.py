"""masked keys that still get a share

1. A score of 0 is not nothing: what is exp(0)?
2. Which number do the masked scores get, and what does softmax make of it?
3. The masked scores become `-np.inf`, and their share is exactly 0.
"""


def masked_attention(Q, K, V, mask=None):
    Q, K, V = (np.asarray(a, dtype=float) for a in (Q, K, V))
    scores = Q @ np.swapaxes(K, -1, -2) / np.sqrt(K.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, 0)
    weights = softmax(scores)
    return weights @ V, weights
