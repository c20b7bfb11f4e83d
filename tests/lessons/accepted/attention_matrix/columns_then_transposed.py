def attention_matrix(X):
    return softmax(attention_scores(X), axis=0).T  # the scores are symmetric
