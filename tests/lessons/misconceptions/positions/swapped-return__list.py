def attend(X, layer):
    W_q, W_k, W_v = layer
    output, weights = self_attention(X, W_q, W_k, W_v)
    return [weights, np.add(X, output)]


def stack(X, layers):
    weights = []
    for layer in layers:
        looks, X = attend(X, layer)
        weights.append(looks)
    return X, weights
