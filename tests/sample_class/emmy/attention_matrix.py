import numpy as np

import softmax as lesson2
from dot_product import dot_product, similarity_scores


class Sentence:
    def __init__(self, X):
        self.X = np.asarray(X, dtype=float)
        self.n, self.d = self.X.shape

    def scores(self):
        for x in self.X:
            yield similarity_scores(x * self.d**-0.5, self.X)  # scale the one who looks


def attention_scores(X):
    return np.vstack(list(Sentence(X).scores()))


def attention_matrix(X):
    return lesson2.softmax(attention_scores(X).T, axis=0).T


def blend(weights, X):
    return np.array([[dot_product(recipe, column) for column in np.transpose(X)] for recipe in weights])


def most_attended(weights, i):
    return np.int64(max(range(len(weights[i])), key=list(weights[i]).__getitem__))
