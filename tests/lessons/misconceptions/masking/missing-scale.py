"""weights that get too sharp as keys get longer

1. Make d_k four times larger with zero columns. What should change?
2. Follow the scores from the product to the softmax. What happens to them on the way?
3. Divide the scores by the square root of d_k, the size of the last axis of K.
"""


def masked_attention(Q, K, V, mask=None):
    Q, K, V = (np.asarray(a, dtype=float) for a in (Q, K, V))
    scores = Q @ np.swapaxes(K, -1, -2)
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = softmax(scores)
    return weights @ V, weights
