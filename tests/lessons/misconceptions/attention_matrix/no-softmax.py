def attention_matrix(X):
    return attention_scores(X)
