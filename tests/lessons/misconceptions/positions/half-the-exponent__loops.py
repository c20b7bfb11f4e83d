def sinusoidal_positions(n, d):
    rows = []
    for p in range(n):
        hands = [p / 10000 ** (i / d) for i in range(d // 2)]
        rows.append([f(a) for a in hands for f in (np.sin, np.cos)])
    return np.array(rows)
