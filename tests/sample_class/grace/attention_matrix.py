import numpy as np
from softmax import softmax


def attention_scores(X):
    d = X.shape[1]
    return np.einsum("id,jd->ij", X, X) / np.sqrt(d)


def attention_matrix(X):
    return np.array([softmax(row) for row in attention_scores(X)])


def blend(weights, X):
    return np.einsum("mn,nd->md", weights, X)


def most_attended(weights, i):
    best = 0
    for j in range(len(weights[i])):
        if weights[i][j] > weights[i][best]:
            best = j
    return best
