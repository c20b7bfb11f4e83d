"""a softmax that ran down the columns

1. Rows look, columns are looked at. Which of them should sum to 1?
2. Look at the axis of your softmax, and for a transpose just before or after it.
3. The attention of one word of X is one row: softmax goes along the last axis.
"""

from softmax import softmax


def cross_attention(X, Y, W_q, W_k, W_v):
    weights = softmax((X @ W_q) @ (Y @ W_k).T / np.sqrt(W_k.shape[1]), axis=0)
    return weights @ (Y @ W_v), weights
