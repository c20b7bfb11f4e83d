import numpy as np
from softmax import softmax


def attention_scores(X):
    return X @ X.T


def attention_matrix(X):
    return softmax(attention_scores(X))


def blend(weights, X):
    return weights @ X


def most_attended(weights, i):
    return int(np.argmax(weights[i]))
