"""rows in which the largest number is 1

1. What may be done to all scores of a row without changing its shares: subtracting a number, or
   dividing by one?
2. Find the place where the largest number comes in. Which sign stands there?
3. The largest score is subtracted before the exponential, and has no part in what follows; the
   divisor is a sum.
"""


def softmax(scores, axis=-1):
    scores = np.asarray(scores, dtype=float)
    e = np.exp(scores / scores.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
