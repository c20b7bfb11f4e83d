def attention_matrix(X):
    return softmax(attention_scores(X)).T
