from self_attention import self_attention


def cross_attention(X, Y, W_q, W_k, W_v):
    return self_attention(Y, W_q, W_k, W_v)
