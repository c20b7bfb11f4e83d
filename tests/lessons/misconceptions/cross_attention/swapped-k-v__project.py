from qkv import project_qkv


def cross_attention(X, Y, W_q, W_k, W_v):
    Q = np.dot(X, W_q)
    _, V, K = project_qkv(Y, W_q, W_k, W_v)
    return scaled_dot_product_attention(Q, K, V)
