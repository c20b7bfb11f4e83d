import numpy as np
from softmax import softmax
from qkv import project_qkv, qk_scores

def scaled_dot_product_attention(Q, K, V):
    scores = qk_scores(Q, K)
    weights = softmax(scores)
    return weights @ V, weights

def self_attention(X, W_q, W_k, W_v):
    Q, K, V = project_qkv(X, W_q, W_k, W_v)
    return scaled_dot_product_attention(Q, K, V)
