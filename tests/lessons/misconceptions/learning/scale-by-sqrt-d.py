"""numbers that depend on how long the tokens are

1. The scores are made of queries and keys. How many numbers does one of those have?
2. Of which array do you take the number under the root? Fill up X and both matrices with zeros, until
   a token is four times as long: nothing should change.
3. What counts is the number of columns of W_q and W_k.
"""


def attention_loss(X, W_q, W_k, i, j):
    scores = (X @ W_k) @ (X[i] @ W_q) / np.sqrt(X.shape[1])
    return float(-np.log(softmax(scores)[j]))
