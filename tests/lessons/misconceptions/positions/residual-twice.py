"""tokens that count twice in each layer

1. Every layer passes on nothing but zeros. What should come out of a stack of three, and what does?
2. What has `attend` added already when it returns the tokens?
3. What `attend` returns is the X of the next round, as it is.
"""


def stack(X, layers):
    X, weights = np.asarray(X, dtype=float), []
    for layer in layers:
        tokens, looks = attend(X, layer)
        X = X + tokens
        weights.append(looks)
    return X, weights
