def attention_loss(X, W_q, W_k, i, j):
    weights = softmax((X @ W_q) @ (X @ W_k).T / W_q.shape[1] ** 0.5, axis=-1)
    return -np.log(weights[i, j])


def softmax_grad(weights, j):
    return weights - np.eye(len(weights))[j]


def loss_grads(X, W_q, W_k, i, j):
    Q, K = X @ W_q, X @ W_k
    root = W_q.shape[1] ** 0.5
    dS = np.zeros((len(X), len(X)))  # of the whole table, only row i counts
    dS[i] = softmax_grad(softmax(Q @ K.T / root)[i], j) / root
    return X.T @ (dS @ K), X.T @ (dS.T @ Q)
