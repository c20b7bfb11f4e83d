def sinusoidal_positions(n, d):
    angles = np.outer(np.arange(n), 100.0 ** (-np.arange(0, d, 2) / d))
    positions = np.empty((n, d))
    positions[:, 0::2], positions[:, 1::2] = np.sin(angles), np.cos(angles)
    return positions
