import numpy as np
from qkv import project_qkv, qk_scores
from softmax import softmax


def scaled_dot_product_attention(Q, K, V):
    d_k = Q.shape[1]
    attention = softmax(qk_scores(Q, K) / d_k, axis=-1)
    return attention, attention @ V


def self_attention(X, W_q, W_k, W_v):
    Q, K, V = project_qkv(X, W_q, W_k, W_v)
    return scaled_dot_product_attention(Q, K, V)
