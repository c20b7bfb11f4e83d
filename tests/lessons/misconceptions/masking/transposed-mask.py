"""a mask whose rows and columns changed places

1. Who looks: the row, or the column?
2. Compare the shape of the mask with that of the scores, (n_q, n_k). What do you do to the
   mask?
3. The mask is (n_q, n_k) as the scores are: use it as it comes.
"""


def masked_attention(Q, K, V, mask=None):
    Q, K, V = (np.asarray(a, dtype=float) for a in (Q, K, V))
    scores = Q @ np.swapaxes(K, -1, -2) / np.sqrt(K.shape[-1])
    if mask is not None:
        scores = np.where(np.swapaxes(np.atleast_2d(mask), -1, -2), scores, -np.inf)
    weights = softmax(scores)
    return weights @ V, weights
