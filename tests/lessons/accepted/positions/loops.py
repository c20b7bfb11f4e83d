def sinusoidal_positions(n, d):
    positions = np.zeros((n, d))
    for p in range(n):
        for i in range(d // 2):
            positions[p, 2 * i] = np.sin(p / 10000 ** (2 * i / d))
            positions[p, 2 * i + 1] = np.cos(p / 10000 ** (2 * i / d))
    return positions

def attend(X, layer):
    W_q, W_k, W_v = layer
    output, weights = self_attention(X, W_q, W_k, W_v)
    return np.array([x + o for x, o in zip(X, output)]), weights
