"""an output that came back alone

1. How many things does the docstring say are returned?
2. Look at your `return`: what is missing after the output?
3. Return two things, separated by a comma.
"""


def scaled_dot_product_attention(Q, K, V):
    Q, K, V = (np.asarray(a, dtype=float) for a in (Q, K, V))
    weights = softmax(Q @ K.T / np.sqrt(Q.shape[1]))
    output = weights @ V
    return output
