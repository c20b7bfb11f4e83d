def attention_scores(X):
    n = len(X)
    scores = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            scores[i, j] = np.dot(X[i], X[j]) / n**0.5
    return scores
