"""values that come from the sentence that looks

1. Change a word of Y and leave its key alone. What does your output have to do?
2. Which of the two sentences is multiplied with W_v?
3. Keys and values belong to the same words: those that are looked at.
"""


def cross_attention(X, Y, W_q, W_k, W_v):
    return scaled_dot_product_attention(X @ W_q, Y @ W_k, X @ W_v)
