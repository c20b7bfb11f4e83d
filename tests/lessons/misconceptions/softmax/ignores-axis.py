"""the same shares for every `axis`

1. Call your function with axis=0. Which way does the result add up to 1?
2. Look for a fixed number where the parameter `axis` should stand.
3. Both the largest score and the sum are taken along the axis that the caller names.
"""


def softmax(scores, axis=-1):
    scores = np.asarray(scores, dtype=float)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)
