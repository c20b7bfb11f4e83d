import numpy as np
from softmax import softmax

def attention_scores(X):
    n, d = X.shape
    scores = np.dot(X, X.T)
    return scores / d ** 0.5

def attention_matrix(X):
    scores = attention_scores(X)
    return softmax(scores, axis=1)

def blend(weights, X):
    return np.dot(weights, X)

def most_attended(weights, i):
    return int(np.argmax(weights[i, :]))
