def merge_heads(H):
    H = np.asarray(H)
    h, n, width = H.shape
    return np.array([[H[k, i, j] for j in range(width) for k in range(h)] for i in range(n)])
