"""exponentials that overflow when scores are large

1. What is exp(1000)? How large can the largest exponent in your function get?
2. Look at where the exponential is taken: is it your softmax of lesson 2, or a shorter one?
3. Use the `softmax` of lesson 2, which shifts every row by its own largest score.
"""


def scaled_dot_product_attention(Q, K, V):
    Q, K, V = (np.asarray(a, dtype=float) for a in (Q, K, V))
    weights = np.exp(Q @ K.T / np.sqrt(Q.shape[1]))
    weights = weights / weights.sum(axis=1, keepdims=True)
    output = weights @ V
    return output, weights
