def split_heads(X, h):
    X = np.asarray(X)
    return X.reshape(len(X), h, -1).transpose(1, 0, 2)

def merge_heads(H):
    H = np.asarray(H)
    return H.transpose(1, 0, 2).reshape(H.shape[1], -1)
