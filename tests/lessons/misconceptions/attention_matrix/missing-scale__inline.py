def attention_matrix(X):
    X = np.asarray(X, dtype=float)
    return softmax(np.einsum("id,jd->ij", X, X), axis=1)
