def stack(X, layers):
    weights, tokens = [], np.array(X, dtype=float)
    for number in range(len(layers)):
        after = attend(tokens, layers[number])
        weights += [after[1]]
    return tokens, weights
