"""weights that depend on how many tokens there are

1. Append one more key. Should that change the score of the others?
2. A shape holds two numbers. Which one is how many rows there are, and which one how long a row
   is?
3. The d_k below the root is a number of columns.
"""


def scaled_dot_product_attention(Q, K, V):
    Q, K, V = (np.asarray(a, dtype=float) for a in (Q, K, V))
    weights = softmax(Q @ K.T / np.sqrt(len(K)))
    output = weights @ V
    return output, weights
