def sinusoidal_positions(n, d):
    speeds = 10000.0 ** (-np.arange(0, d, 2) / d)
    angles = (np.arange(n)[:, np.newaxis] + 1) * speeds
    positions = np.empty((n, d))
    positions[:, 0::2], positions[:, 1::2] = np.sin(angles), np.cos(angles)
    return positions
