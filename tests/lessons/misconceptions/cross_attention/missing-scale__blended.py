from attention_matrix import blend
from qkv import qk_scores
from softmax import softmax


def cross_attention(X, Y, W_q, W_k, W_v):
    weights = softmax(qk_scores(np.dot(X, W_q), np.dot(Y, W_k)))
    return blend(weights, np.dot(Y, W_v)), weights
