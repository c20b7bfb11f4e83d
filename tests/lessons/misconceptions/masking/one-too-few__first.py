def padding_mask(lengths, n):
    places = np.arange(n)
    return (places > 0) & (places < np.asarray(lengths)[:, np.newaxis])
