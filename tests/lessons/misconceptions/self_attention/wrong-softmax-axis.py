"""a softmax that ran down the columns

1. Rows look, columns are looked at. Which of them should sum to 1?
2. Look at the axis of your softmax, and for a transpose just before or after it.
3. One query's attention is one row: softmax goes along the last axis.
"""


def scaled_dot_product_attention(Q, K, V):
    Q, K, V = (np.asarray(a, dtype=float) for a in (Q, K, V))
    weights = softmax(Q @ K.T / np.sqrt(Q.shape[1]), axis=0)
    output = weights @ V
    return output, weights
