def sinusoidal_positions(n, d):
    speeds = [10000 ** (-2 * i / d) for i in range(d // 2)]
    return np.array(
        [[np.sin(p * s) for s in speeds] + [np.cos(p * s) for s in speeds] for p in range(n)]
    )
