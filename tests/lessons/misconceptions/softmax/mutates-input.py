"""the caller's own array being written into

1. Look at your input after the call. Is it still what you passed in?
2. `x -= …`, `x /= …`, `x[...] = …` and `out=x` write into an array that is there already. Whose
   array is it?
3. Give the new values a name of their own, as in `shifted = …`, or work on a copy.
"""


def softmax(scores, axis=-1):
    scores = np.asarray(scores)
    scores -= scores.max(axis=axis, keepdims=True)
    e = np.exp(scores)
    return e / e.sum(axis=axis, keepdims=True)
