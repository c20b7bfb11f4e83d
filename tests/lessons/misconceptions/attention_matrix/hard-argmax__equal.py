def attention_matrix(X):
    scores = attention_scores(X)
    return (scores == scores.max(axis=1, keepdims=True)).astype(float)
