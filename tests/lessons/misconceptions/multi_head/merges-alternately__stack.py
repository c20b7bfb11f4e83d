def merge_heads(H):
    return np.stack(list(H), axis=-1).reshape(len(H[0]), -1)
