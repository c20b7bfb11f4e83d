import numpy as np
from softmax import softmax


def attention_scores(X):
    X = np.asarray(X, dtype=float)
    d = X.shape[1]
    return X @ X.T / d


def attention_matrix(X):
    return softmax(attention_scores(X))


def blend(weights, X):
    return np.matmul(weights, X, dtype=float)


def most_attended(weights, i):
    return int(weights[i].argmax())  # row i looks
