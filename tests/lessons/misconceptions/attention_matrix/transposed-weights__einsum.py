def blend(weights, X):
    return np.einsum('ji,jd->id', weights, X)
