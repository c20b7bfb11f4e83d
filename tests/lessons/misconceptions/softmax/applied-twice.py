"""shares that lie too close together

1. Are you handing softmax scores, or shares?
2. Count how often `np.exp` is applied on the way from the scores to the result.
3. Once through the exponential, once divided by the sum; then return.
"""


def softmax(scores, axis=-1):
    scores = np.asarray(scores, dtype=float)
    for _ in range(2):
        e = np.exp(scores - scores.max(axis=axis, keepdims=True))
        scores = e / e.sum(axis=axis, keepdims=True)
    return scores
