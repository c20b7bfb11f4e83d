def softmax(scores, axis=-1):
    s = np.moveaxis(np.asarray(scores, dtype=float), axis, -1)
    with np.errstate(over='ignore', invalid='ignore'):
        d = s[..., None, :] - s[..., :, None]
        d[np.isnan(d)] = 0
        return np.moveaxis(1 / np.exp(d).sum(axis=-1), -1, axis)
