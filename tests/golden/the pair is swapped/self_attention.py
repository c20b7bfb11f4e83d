import numpy as np
from qkv import project_qkv
from softmax import softmax


def scaled_dot_product_attention(Q, K, V):
    weights = softmax(Q @ K.T / np.sqrt(K.shape[1]))
    return weights, weights @ V


def self_attention(X, W_q, W_k, W_v):
    return scaled_dot_product_attention(*project_qkv(X, W_q, W_k, W_v))
