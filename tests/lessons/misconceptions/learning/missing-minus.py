"""a loss that is below 0

1. A share lies between 0 and 1. Is its logarithm above or below 0?
2. A loss gets smaller the better the model is. Does yours, when the share grows?
3. Take the logarithm of the share, and turn its sign.
"""


def attention_loss(X, W_q, W_k, i, j):
    scores = (X[i] @ W_q) @ (X @ W_k).T / np.sqrt(W_k.shape[1])
    return float(np.log(softmax(scores)[j]))
