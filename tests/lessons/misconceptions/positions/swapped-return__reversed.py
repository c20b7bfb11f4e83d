def attend(X, layer):
    output, weights = self_attention(X, *layer)
    return (output + X, weights)[::-1]
