"""attention weights that were turned round

1. Weights have one row for each query. How many rows do the ones that you use and return have?
2. Look for a `.T` on the weights, and at the order of the factors that they come from.
3. Mix with the weights, and return them, just as softmax gave them.
"""


def scaled_dot_product_attention(Q, K, V):
    Q, K, V = (np.asarray(a, dtype=float) for a in (Q, K, V))
    weights = softmax(Q @ K.T / np.sqrt(Q.shape[1]))
    output = weights.T @ V
    return output, weights
