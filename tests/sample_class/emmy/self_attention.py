from attention_matrix import blend
from qkv import project_qkv, qk_scores
from softmax import softmax


def scaled_dot_product_attention(Q, K, V):
    (_, d_k) = K.shape
    return (blend(weights := softmax(qk_scores(Q * d_k**-0.5, K)), V), weights)


self_attention = lambda X, W_q, W_k, W_v: scaled_dot_product_attention(*project_qkv(X, W_q, W_k, W_v))
