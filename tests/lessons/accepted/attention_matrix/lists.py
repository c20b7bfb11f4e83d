def attention_scores(X):
    return (np.inner(X, X) / np.sqrt(len(X[0]))).tolist()

def attention_matrix(X):
    return softmax(attention_scores(X)).tolist()

def blend(weights, X):
    return np.dot(weights, X).tolist()

def most_attended(weights, i):
    return list(weights[i]).index(max(weights[i]))
