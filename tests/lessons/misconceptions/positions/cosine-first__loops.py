def sinusoidal_positions(n, d):
    rows = []
    for p in range(n):
        hands = [p / 10000 ** (2 * i / d) for i in range(d // 2)]
        rows.append([f(a) for a in hands for f in (np.cos, np.sin)])
    return np.array(rows)
