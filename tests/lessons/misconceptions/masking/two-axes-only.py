"""a function that takes one sentence and no batch

1. Put an axis in front of Q, K and V. What comes out, and which line stops?
2. `K.T` turns all axes round, and `axis=1` counts from the front. Where do you count from the
   front?
3. Count from the back: `np.swapaxes(K, -1, -2)`, `K.shape[-1]`, and softmax along axis -1.
"""


def masked_attention(Q, K, V, mask=None):
    Q, K, V = (np.asarray(a, dtype=float) for a in (Q, K, V))
    scores = Q @ K.T / np.sqrt(K.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = softmax(scores)
    return weights @ V, weights
