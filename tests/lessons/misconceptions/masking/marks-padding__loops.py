def padding_mask(lengths, n):
    return np.array([[not j < length for j in range(n)] for length in lengths])
