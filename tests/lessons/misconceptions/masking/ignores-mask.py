"""weights that a mask does not change

1. Call your function with a mask and without one. What differs?
2. Where does the name `mask` stand in your code, and is what it makes used afterwards?
3. What the mask makes of the scores has to be what softmax gets.
"""


def masked_attention(Q, K, V, mask=None):
    Q, K, V = (np.asarray(a, dtype=float) for a in (Q, K, V))
    scores = Q @ np.swapaxes(K, -1, -2) / np.sqrt(K.shape[-1])
    weights = softmax(scores)
    return weights @ V, weights
