def sinusoidal_positions(n, d):
    return np.array(
        [
            [(np.cos if j % 2 else np.sin)(p / 10000 ** (j / d)) for j in range(d)]
            for p in range(n)
        ]
    )
