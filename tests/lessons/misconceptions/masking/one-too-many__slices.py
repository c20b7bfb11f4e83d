def padding_mask(lengths, n):
    mask = np.zeros((len(lengths), n), dtype=bool)
    for row, length in zip(mask, lengths):
        row[: length + 1] = True
    return mask
