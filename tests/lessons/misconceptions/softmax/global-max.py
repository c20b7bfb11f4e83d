"""rows that are right only near the highest score of all

1. Take two rows, one around 0 and one around -1000. What is left of the second after your shift
   and `np.exp`?
2. Look at `max`: along which axis does it look for the largest score?
3. Every distribution needs a largest score of its own: one along `axis`, kept with length 1.
"""


def softmax(scores, axis=-1):
    scores = np.asarray(scores, dtype=float)
    e = np.exp(scores - scores.max())
    return e / e.sum(axis=axis, keepdims=True)
