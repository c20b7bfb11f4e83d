from qkv import project_qkv


def cross_attention(X, Y, W_q, W_k, W_v):
    Q, _, _ = project_qkv(X, W_q, W_k, W_v)
    _, K, V = project_qkv(Y, W_q, W_k, W_v)
    return scaled_dot_product_attention(Q, K, V)
