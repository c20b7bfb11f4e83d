"""a logarithm to another base

1. What is your loss when four words get a quarter each? Compare with `np.log(4)`.
2. Which logarithm do you take?
3. The natural logarithm, `np.log`, is the one that undoes `np.exp`.
"""


def attention_loss(X, W_q, W_k, i, j):
    scores = (X @ W_k) @ (X[i] @ W_q) / np.sqrt(W_k.shape[1])
    return float(-np.log2(softmax(scores)[j]))
