from qkv import project_qkv


def cross_attention(X, Y, W_q, W_k, W_v):
    asking, answering = Y, X
    Q = project_qkv(asking, W_q, W_k, W_v)[0]
    _, K, V = project_qkv(answering, W_q, W_k, W_v)
    return scaled_dot_product_attention(Q, K, V)
