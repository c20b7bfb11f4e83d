"""rows that all sum to the same number, which is not 1

1. What do your rows sum to, or what becomes of values that are all ones? Is that number familiar?
2. Put the steps in order: score, scale, softmax, mix. Where in this order do you divide?
3. The division belongs to the scores; shares and output are left alone.
"""


def scaled_dot_product_attention(Q, K, V):
    Q, K, V = (np.asarray(a, dtype=float) for a in (Q, K, V))
    weights = softmax(Q @ K.T) / np.sqrt(Q.shape[1])
    output = weights @ V
    return output, weights
