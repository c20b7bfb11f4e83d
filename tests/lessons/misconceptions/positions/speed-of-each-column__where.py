def sinusoidal_positions(n, d):
    columns = np.arange(d)
    angles = np.outer(np.arange(n), 10000.0 ** (-columns / d))
    return np.where(columns % 2 == 0, np.sin(angles), np.cos(angles))
