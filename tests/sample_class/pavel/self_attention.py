import numpy as np
from softmax import softmax
from qkv import project_qkv

def scaled_dot_product_attention(Q, K, V):
    d_k = K.shape[1]
    scores = np.dot(Q, K.T) / np.sqrt(d_k)
    weights = softmax(scores, axis=1)
    output = np.dot(weights, V)
    return output, weights

def self_attention(X, W_q, W_k, W_v):
    Q, K, V = project_qkv(X, W_q, W_k, W_v)
    return scaled_dot_product_attention(Q, K, V)
