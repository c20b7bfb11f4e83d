def cross_attention(X, Y, W_q, W_k, W_v):
    pair = scaled_dot_product_attention(X @ W_q, Y @ W_k, Y @ W_v)
    return list(pair)[::-1]
