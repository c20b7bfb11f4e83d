from qkv import project_qkv


def cross_attention(X, Y, W_q, W_k, W_v):
    Q, _, V = project_qkv(X, W_q, W_k, W_v)
    return scaled_dot_product_attention(Q, np.matmul(Y, W_k), V)
