"""weights in the first place and the output in the second

1. Look at the two shapes that come back. Which one is the output's?
2. Compare your `return` with the docstring: what comes first?
3. The output first, then the weights.
"""


def scaled_dot_product_attention(Q, K, V):
    Q, K, V = (np.asarray(a, dtype=float) for a in (Q, K, V))
    weights = softmax(Q @ K.T / np.sqrt(Q.shape[1]))
    output = weights @ V
    return weights, output
