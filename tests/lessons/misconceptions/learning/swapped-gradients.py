"""two gradients that changed places

1. Move one number of W_q by a hair. Which of your two arrays foretells the change of the loss?
2. Compare the order behind your `return` with the docstring.
3. The gradient by W_q comes first.
"""


def loss_grads(X, W_q, W_k, i, j):
    query, keys = X[i] @ W_q, X @ W_k
    grad = softmax_grad(softmax(keys @ query / np.sqrt(len(query))), j) / np.sqrt(len(query))
    return X.T @ np.outer(grad, query), np.outer(X[i], grad @ keys)
