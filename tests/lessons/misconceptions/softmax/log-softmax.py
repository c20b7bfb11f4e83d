"""the logarithms of the shares

1. Can a share be negative?
2. Look for `np.log` on the way to your result.
3. Leave out the logarithm: exponentials over their sum are the shares already.
"""


def softmax(scores, axis=-1):
    scores = np.asarray(scores, dtype=float)
    s = scores - scores.max(axis=axis, keepdims=True)
    return s - np.log(np.exp(s).sum(axis=axis, keepdims=True))
