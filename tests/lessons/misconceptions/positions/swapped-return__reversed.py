def attend(X, layer):
    output, weights = self_attention(X, *layer)
    return (output + X, weights)[::-1]


def stack(X, layers):
    weights = []
    for layer in layers:
        looks, X = attend(X, layer)
        weights.append(looks)
    return X, weights
