def attention_matrix(X):
    shares = softmax(attention_scores(X))
    return shares / np.sqrt(np.shape(X)[1])
