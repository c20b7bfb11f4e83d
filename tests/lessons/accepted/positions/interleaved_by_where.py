def sinusoidal_positions(n, d):
    angles = np.arange(n)[:, None] * np.repeat(10000.0 ** (-np.arange(0, d, 2) / d), 2)
    return np.where(np.arange(d) % 2, np.cos(angles), np.sin(angles))

def attend(X, layer):
    output, weights = self_attention(X, *layer)
    after = np.array(X, dtype=float)
    after += output
    return after, weights
