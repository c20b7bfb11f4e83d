"""scores that grow with the length of queries and keys

1. Make queries and keys four times as long with zeros. What should change?
2. Compare your scores with those of lesson 5: is a step missing between product and softmax?
3. Divide the scores by the square root of the number of columns of W_k.
"""


def attention_loss(X, W_q, W_k, i, j):
    return float(-np.log(softmax((X @ W_k) @ (X[i] @ W_q))[j]))
