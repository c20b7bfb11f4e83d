def attention_matrix(X):
    e = np.exp(attention_scores(X))
    return e / e.sum(axis=1)
