def padding_mask(lengths, n):
    return ~(np.arange(n) < np.asarray(lengths)[:, np.newaxis])
