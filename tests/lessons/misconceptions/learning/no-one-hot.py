"""a gradient that is the weights themselves

1. What do the numbers of your gradient sum to? If all scores rise alike, does the loss change?
2. What happens in place j?
3. One number differs from the weights: in place j, 1 is taken off.
"""


def softmax_grad(weights, j):
    return np.array(weights, dtype=float)
