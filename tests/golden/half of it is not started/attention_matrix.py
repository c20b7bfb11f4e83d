import numpy as np
from softmax import softmax


def attention_scores(X):
    return X @ X.T / np.sqrt(X.shape[1])


def attention_matrix(X):
    raise NotImplementedError


def blend(weights, X):
    raise NotImplementedError


def most_attended(weights, i):
    raise NotImplementedError
