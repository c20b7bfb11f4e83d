def attention_scores(X):
    n, d = X.shape
    scores = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            scores[i, j] = sum(X[i] * X[j]) / d**0.5
    return scores

def attention_matrix(X):
    return [softmax(row) for row in attention_scores(X)]

def blend(weights, X):
    return [sum(w * x for w, x in zip(row, X)) for row in weights]

def most_attended(weights, i):
    return max(range(len(weights[i])), key=lambda j: weights[i][j])
