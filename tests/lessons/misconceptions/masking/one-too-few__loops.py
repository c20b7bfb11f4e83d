def padding_mask(lengths, n):
    return np.array([[j < length - 1 for j in range(n)] for length in lengths])
