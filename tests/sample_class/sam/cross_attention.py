from self_attention import scaled_dot_product_attention

def cross_attention(X, Y, W_q, W_k, W_v):
    print("DEBUG shapes", X.shape, Y.shape)
    return scaled_dot_product_attention(X @ W_q, Y @ W_k, X @ W_v)
