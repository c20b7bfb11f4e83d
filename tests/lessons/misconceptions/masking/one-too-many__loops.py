def padding_mask(lengths, n):
    return np.array([[j <= length for j in range(n)] for length in lengths])
