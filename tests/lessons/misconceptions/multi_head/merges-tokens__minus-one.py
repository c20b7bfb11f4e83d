def merge_heads(H):
    return np.asarray(H).reshape(len(H[0]), -1)
