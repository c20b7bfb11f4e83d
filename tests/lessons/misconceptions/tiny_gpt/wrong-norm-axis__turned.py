def layer_norm(X, gain, bias):
    columns = np.array(X, dtype=float).T
    centred = columns - columns.mean(axis=1)[:, None]
    normed = centred / np.sqrt((centred**2).mean(axis=1) + 1e-5)[:, None]
    return normed.T * gain + bias
