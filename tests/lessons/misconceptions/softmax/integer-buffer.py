"""shares whose decimals were cut off

1. What dtype is the array that you write into when the scores are integers?
2. `zeros_like` and `empty_like` take over the dtype of their argument, and `astype` can cut
   fractions off.
3. Turn the scores into an array of floats at the very top.
"""


def softmax(scores, axis=-1):
    scores = np.asarray(scores)
    out = np.zeros_like(scores)
    e = np.exp(scores - scores.max(axis=axis, keepdims=True))
    out[...] = e / e.sum(axis=axis, keepdims=True)
    return out
