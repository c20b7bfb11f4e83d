"""two sentences that changed places

1. X has n words and Y has m. How many rows does your output have?
2. From which sentence do your queries come, and from which one the rest?
3. Queries come from X; keys and values come from Y.
"""


def cross_attention(X, Y, W_q, W_k, W_v):
    return scaled_dot_product_attention(Y @ W_q, X @ W_k, X @ W_v)
