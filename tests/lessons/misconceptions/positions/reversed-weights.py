"""weights that begin with the last layer

1. Which layer's weights come first in your list?
2. Where do you put new weights: at the end of the list, or in front?
3. `append` puts them at the end.
"""


def stack(X, layers):
    weights = []
    for layer in layers:
        X, looks = attend(X, layer)
        weights.insert(0, looks)
    return np.asarray(X), weights
