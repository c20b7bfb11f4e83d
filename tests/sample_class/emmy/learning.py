import numpy as np
from softmax import softmax


def attention_loss(X, W_q, W_k, i, j):
    scores = np.einsum("d,dk,ek,ne->n", X[i], W_q, W_k, X) / W_q.shape[1] ** 0.5
    highest = scores.max()
    return highest + np.log(np.exp(scores - highest).sum()) - scores[j]


def softmax_grad(weights, j):
    return np.asarray(weights) - np.eye(len(weights))[j]


def loss_grads(X, W_q, W_k, i, j):
    root = W_q.shape[1] ** 0.5
    weights = softmax(X @ W_k @ W_q.T @ X[i] / root)
    by_product = np.outer(X[i], softmax_grad(weights, j) @ X) / root  # of W_q times W_k turned
    return by_product @ W_k, by_product.T @ W_q


def train(sentences, W_q, W_k, steps, lr):
    losses = np.zeros(steps)
    for step in range(steps):
        own = sentences[step % len(sentences)]
        losses[step] = attention_loss(own[0], W_q, W_k, *own[1:])
        grads = loss_grads(own[0], W_q, W_k, *own[1:])
        W_q, W_k = (W - lr * grad for W, grad in zip((W_q, W_k), grads))
    return W_q, W_k, losses.tolist()
