from self_attention import scaled_dot_product_attention


def cross_attention(X, Y, W_q, W_k, W_v):
    return scaled_dot_product_attention(X @ W_q, Y @ W_k, Y @ W_v)
