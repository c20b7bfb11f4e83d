"""weights that depend on how long the values are

1. Whose length makes a dot product of a query and a key larger: that of a value?
2. Look at the array whose shape you take the divisor from.
3. Take d_k from Q or K: how many columns they have.
"""


def scaled_dot_product_attention(Q, K, V):
    Q, K, V = (np.asarray(a, dtype=float) for a in (Q, K, V))
    weights = softmax(Q @ K.T / np.sqrt(V.shape[1]))
    output = weights @ V
    return output, weights
