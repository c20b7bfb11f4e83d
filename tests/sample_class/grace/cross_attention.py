from self_attention import scaled_dot_product_attention


def cross_attention(X, Y, W_q, W_k, W_v):
    Q, K, V = X @ W_q, Y @ W_k, Y @ W_v
    output, weights = scaled_dot_product_attention(Q, K, V)
    return [output, weights]
