"""two tokens that changed places

1. Who looks, token i or token j? Whose query do you take?
2. In a table of weights, is the token that looks a row or a column?
3. The query belongs to token i; j picks one of its shares.
"""


def attention_loss(X, W_q, W_k, i, j):
    weights = softmax((X @ W_q) @ (X @ W_k).T / np.sqrt(W_k.shape[1]))
    return float(-np.log(weights[j, i]))
