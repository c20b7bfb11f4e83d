def sinusoidal_positions(n, d):
    positions = np.zeros((n, d))
    for p in range(n):
        for i in range(0, d, 2):
            angle = p / 10000 ** (2 * i / d)
            positions[p, i], positions[p, i + 1] = np.sin(angle), np.cos(angle)
    return positions
