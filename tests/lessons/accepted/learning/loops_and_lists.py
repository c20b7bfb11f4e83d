import math


def softmax_grad(weights, j):
    return [float(w) - (1.0 if k == j else 0.0) for k, w in enumerate(weights)]


def loss_grads(X, W_q, W_k, i, j):
    q, K = X[i] @ W_q, X @ W_k
    root = math.sqrt(len(q))
    g = softmax_grad(softmax([float(k @ q) / root for k in K]), j)
    dW_q, dW_k = np.zeros(W_q.shape), np.zeros(W_k.shape)
    for m in range(len(X)):
        dW_q += g[m] / root * np.outer(X[i], K[m])
        dW_k += g[m] / root * np.outer(X[m], q)
    return [dW_q, dW_k]
