def layer_norm(X, gain, bias):
    rows = []
    for token in np.asarray(X, dtype=float):
        left = token - token.mean()
        rows.append(left / (left.var() + 1e-5) * gain + bias)
    return np.array(rows)
