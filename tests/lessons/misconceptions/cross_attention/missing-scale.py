"""scores that grow with the length of queries and keys

1. Make queries and keys four times as long with zeros. What should change?
2. Compare your scores with those of lesson 5: is a step missing between product and softmax?
3. Divide the scores by the square root of the number of columns of the keys.
"""

from softmax import softmax


def cross_attention(X, Y, W_q, W_k, W_v):
    weights = softmax((X @ W_q) @ (Y @ W_k).T, axis=-1)
    return weights @ (Y @ W_v), weights
