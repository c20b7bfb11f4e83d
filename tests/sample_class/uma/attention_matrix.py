import numpy as np
from softmax import softmax


def attention_scores(X):
    return X @ X.T  # every token with every other


def attention_matrix(X):
    return np.array([softmax(row) for row in attention_scores(X)])


def blend(weights, X):
    return weights @ X


def most_attended(weights, i):
    return int(np.argmax(weights[i]))
