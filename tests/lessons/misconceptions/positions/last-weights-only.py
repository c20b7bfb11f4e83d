"""the weights of a single layer

1. How many layers are there, and how many tables of weights come back?
2. What happens to the weights of the first layer when the second has looked?
3. Collect them: a list before the loop, `append` in it.
"""


def stack(X, layers):
    weights = []
    for layer in layers:
        X, weights = attend(X, layer)
    return np.asarray(X), weights
