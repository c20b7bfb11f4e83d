from dot_product import hand_in


def scaled_dot_product_attention(Q, K, V):
    return hand_in("scaled_dot_product_attention", Q, K, V)


def self_attention(X, W_q, W_k, W_v):
    return hand_in("self_attention", X, W_q, W_k, W_v)
