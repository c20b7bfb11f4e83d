"""one distribution spread over the whole array

1. How many distributions are in this matrix?
2. What does `sum` add up when it is told no axis?
3. Sum along `axis` alone, and keep that axis with length 1, so that every row is divided by its
   own sum.
"""


def softmax(scores, axis=-1):
    scores = np.asarray(scores, dtype=float)
    e = np.exp(scores - scores.max())
    return e / e.sum()
