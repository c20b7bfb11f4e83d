def attention_matrix(X):
    return attention_scores(X) / attention_scores(X).sum(axis=1, keepdims=True)
