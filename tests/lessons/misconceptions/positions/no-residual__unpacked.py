def attend(X, layer):
    W_q, W_k, W_v = layer
    output, weights = self_attention(X, W_q, W_k, W_v)
    return output, weights
