"""weights in the first place and the tokens in the second

1. Look at the two shapes that come back. Which one is that of the tokens?
2. Compare your `return` with the docstring: what comes first?
3. The tokens first, then the weights.
"""


def attend(X, layer):
    output, weights = self_attention(X, *layer)
    return weights, X + output


def stack(X, layers):
    weights = []
    for layer in layers:
        looks, X = attend(X, layer)
        weights.append(looks)
    return X, weights
