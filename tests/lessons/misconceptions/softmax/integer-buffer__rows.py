def softmax(scores, axis=-1):
    rows = np.moveaxis(np.array(scores), axis, -1)
    shares = np.empty_like(rows)
    for place in np.ndindex(rows.shape[:-1]):
        e = np.exp(rows[place] - rows[place].max())
        shares[place] = e / e.sum()
    return np.moveaxis(shares, -1, axis)
