import numpy as np
from softmax import softmax


def cross_attention(X, Y, W_q, W_k, W_v):
    weights = softmax(X @ W_q @ W_k.T @ Y.T / W_k.shape[1] ** 0.5)
    return weights @ (Y @ W_v), weights
