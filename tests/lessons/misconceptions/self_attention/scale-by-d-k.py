"""weights that get too even as keys get longer

1. Make d_k four times larger with zero columns. Should the scores halve, or become a quarter?
2. Look at what you divide by: is there a root?
3. The divisor is the square root of d_k.
"""


def scaled_dot_product_attention(Q, K, V):
    Q, K, V = (np.asarray(a, dtype=float) for a in (Q, K, V))
    weights = softmax(Q @ K.T / Q.shape[1])
    output = weights @ V
    return output, weights
