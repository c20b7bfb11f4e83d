def sinusoidal_positions(n, d):
    columns = np.arange(d)
    angles = np.arange(n)[:, None] / 10000 ** (columns // 2 * 2 / d)
    return np.sin(angles + columns % 2 * np.pi / 2)

def attend(X, layer):
    output, weights = self_attention(X, *layer)
    return [np.add(output, X), weights]
