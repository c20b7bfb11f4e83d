def cross_attention(X, Y, W_q, W_k, W_v):
    Q, K, V = [np.array(Y, dtype=float) @ W for W in (W_q, W_k, W_v)]
    output, weights = scaled_dot_product_attention(Q, K, V)
    return output, weights
