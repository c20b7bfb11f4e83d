"""a softmax that ran down the columns

1. Rows look, columns are looked at. Which of them should sum to 1?
2. Look at the axis of your softmax. Which axis is the last one, when there are axes in front?
3. One query's attention is one row: softmax goes along axis -1.
"""


def masked_attention(Q, K, V, mask=None):
    Q, K, V = (np.asarray(a, dtype=float) for a in (Q, K, V))
    scores = Q @ np.swapaxes(K, -1, -2) / np.sqrt(K.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = softmax(scores, axis=-2)
    return weights @ V, weights
