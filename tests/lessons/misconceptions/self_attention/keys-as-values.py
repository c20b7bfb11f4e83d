"""an output mixed from the keys

1. Use V = all ones. What should come out?
2. Look at the last product: which array holds what is passed along?
3. The weights say how much of each row of V goes into the output.
"""


def scaled_dot_product_attention(Q, K, V):
    Q, K, V = (np.asarray(a, dtype=float) for a in (Q, K, V))
    weights = softmax(Q @ K.T / np.sqrt(Q.shape[1]))
    output = weights @ K
    return output, weights
