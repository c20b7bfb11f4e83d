import numpy as np


def softmax(scores, axis=-1):
    rows = np.moveaxis(np.array(scores, dtype=float), axis, -1)
    shares = np.empty(rows.shape)
    for place in np.ndindex(rows.shape[:-1]):  # one distribution after the other
        row = rows[place]
        top = max(row)
        powers = [np.exp(s - top) for s in row]
        shares[place] = [p / sum(powers) for p in powers]
    return np.moveaxis(shares, -1, axis)
