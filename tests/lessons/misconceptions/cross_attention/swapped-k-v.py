"""keys and values that changed places

1. What is compared with the queries, and what is mixed?
2. Compare the order in which you hand on keys and values with the order in which they are taken.
3. Queries, keys, values, in this order everywhere.
"""


def cross_attention(X, Y, W_q, W_k, W_v):
    return scaled_dot_product_attention(X @ W_q, Y @ W_v, Y @ W_k)
