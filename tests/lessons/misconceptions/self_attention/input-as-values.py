"""an output mixed from the tokens themselves

1. How many columns should the output have: d_model or d_v?
2. Look at what is multiplied by the weights. Where did W_v go?
3. Project X with W_v first; those rows are what is mixed.
"""


def self_attention(X, W_q, W_k, W_v):
    Q, K, V = project_qkv(X, W_q, W_k, W_v)
    return scaled_dot_product_attention(Q, K, X)
