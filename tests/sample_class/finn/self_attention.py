import numpy as np
from softmax import softmax


def scaled_dot_product_attention(Q, K, V):
    scores = Q @ K.T / np.sqrt(K.shape[1])
    weights = softmax(scores)
    return weights @ V, weights.T


def self_attention(X, W_q, W_k, W_v):
    output, weights = scaled_dot_product_attention(X @ W_q, X @ W_k, X @ W_v)
    return output, weights
