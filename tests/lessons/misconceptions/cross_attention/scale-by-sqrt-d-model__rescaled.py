def cross_attention(X, Y, W_q, W_k, W_v):
    factor = np.sqrt(np.shape(W_k)[1] / np.shape(Y)[1])
    return scaled_dot_product_attention(X @ W_q * factor, Y @ W_k, Y @ W_v)
