def attention_matrix(X):
    scores = np.asarray(attention_scores(X))
    return np.column_stack([softmax(column) for column in scores.T])
