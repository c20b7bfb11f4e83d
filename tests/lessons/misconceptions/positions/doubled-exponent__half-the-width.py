def sinusoidal_positions(n, d):
    speeds = np.exp(-np.log(10000.0) * np.arange(0, d, 2) / (d / 2))
    angles = np.outer(np.arange(n), speeds)
    positions = np.empty((n, d))
    positions[:, 0::2], positions[:, 1::2] = np.sin(angles), np.cos(angles)
    return positions
