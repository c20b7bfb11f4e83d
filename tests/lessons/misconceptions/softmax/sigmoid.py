"""every score squashed by itself, as a sigmoid does

1. If one score of a row grows, what should happen to the shares of the others?
2. Look at what you divide by: does it know of the other scores in the row?
3. Below the line stands the sum of the exponentials of all scores along `axis`.
"""


def softmax(scores, axis=-1):
    return 1 / (1 + np.exp(-np.asarray(scores, dtype=float)))
