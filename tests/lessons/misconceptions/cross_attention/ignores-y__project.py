from qkv import project_qkv


def cross_attention(X, Y, W_q, W_k, W_v):
    Q, K, V = project_qkv(X, W_q, W_k, W_v)
    output, weights = scaled_dot_product_attention(Q, K, V)
    return output, weights
