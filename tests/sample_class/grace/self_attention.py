import numpy as np
from qkv import project_qkv, qk_scores
from softmax import softmax


def scaled_dot_product_attention(Q, K, V):
    scores = qk_scores(Q, K) / np.sqrt(Q.shape[1])
    weights = softmax(scores)  # (n_q, n_k)
    output = np.einsum("qk,kv->qv", weights, V)
    return [output, weights]


def self_attention(X, W_q, W_k, W_v):
    Q, K, V = project_qkv(X, W_q, W_k, W_v)
    return scaled_dot_product_attention(Q, K, V)
