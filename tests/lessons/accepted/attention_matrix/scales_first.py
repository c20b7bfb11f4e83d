def attention_scores(X):
    X = X / X.shape[1] ** 0.25
    return X @ X.T

def attention_matrix(X):
    scores = (X / np.sqrt(X.shape[1])) @ X.T
    e = np.exp(scores - scores.max(axis=1)[:, None])
    return e / e.sum(1)[:, None]

def blend(weights, X):
    return (X.T @ weights.T).T

def most_attended(weights, i):
    return np.flatnonzero(weights[i] == weights[i].max())[0]
