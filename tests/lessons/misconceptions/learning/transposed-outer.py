"""gradients that lie on their side

1. Which shape has W_q, and which shape has your gradient?
2. An outer product has a row for each number of its first vector. Which vector comes first?
3. The gradient has the rows of the matrix: one for each number of a token.
"""


def loss_grads(X, W_q, W_k, i, j):
    query, keys = X[i] @ W_q, X @ W_k
    grad = softmax_grad(softmax(keys @ query / np.sqrt(len(query))), j) / np.sqrt(len(query))
    return np.outer(grad @ keys, X[i]), np.outer(query, grad) @ X
