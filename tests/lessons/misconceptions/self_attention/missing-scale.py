"""weights that get too sharp as keys get longer

1. Make d_k four times larger with zero columns. What should change?
2. Follow the scores from the product to the softmax. What happens to them on the way?
3. Divide the scores by the square root of d_k, the number of columns of K, before softmax sees
   them.
"""


def scaled_dot_product_attention(Q, K, V):
    Q, K, V = (np.asarray(a, dtype=float) for a in (Q, K, V))
    weights = softmax(Q @ K.T)
    output = weights @ V
    return output, weights
