"""the lowest score getting the largest share

1. Which of the scores 1 and 2 should get the larger share?
2. Look for a minus sign in front of a score, or a difference the wrong way round.
3. It is the scores minus their maximum, not the maximum minus the scores.
"""


def softmax(scores, axis=-1):
    scores = -np.asarray(scores, dtype=float)
    e = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
