"""attention straight on X

1. If W_q were all zeros, what would your weights be?
2. Look for W_q and W_k in your code: are they used at all?
3. Make Q, K and V from X first (lesson 4 has a function for it), and hand those on.
"""


def self_attention(X, W_q, W_k, W_v):
    return scaled_dot_product_attention(X, X, X)
