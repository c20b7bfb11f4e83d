def sinusoidal_positions(n, d):
    positions = np.zeros((n, d))
    angles = np.outer(np.arange(n), 10000.0 ** (-np.arange(0, d, 2) / d))
    positions[:, : d // 2] = np.sin(angles)
    positions[:, d // 2 :] = np.cos(angles)
    return positions
