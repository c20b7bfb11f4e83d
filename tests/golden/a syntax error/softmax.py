import numpy as np


def softmax(scores, axis=-1):
    return np.exp(scores / np.exp(scores).sum(
