import numpy as np
from softmax import softmax


def looks(X, W_q, W_k, i):
    return softmax((X @ W_k) @ (X[i] @ W_q) / np.sqrt(W_k.shape[1]))


def attention_loss(X, W_q, W_k, i, j):
    return -np.log(looks(X, W_q, W_k, i)[j])


def softmax_grad(weights, j):
    return weights - np.eye(len(weights))[j]


def loss_grads(X, W_q, W_k, i, j):
    g = softmax_grad(looks(X, W_q, W_k, i), j) / np.sqrt(W_k.shape[1])
    return np.outer(X[i], g @ (X @ W_k)), X.T @ np.outer(g, X[i] @ W_q)


def train(sentences, W_q, W_k, steps, lr):
    losses = []
    for step in range(steps):
        sentence = sentences[step % len(sentences)]
        X, i, j = sentence
        losses.append(attention_loss(X, W_q, W_k, i, j))
        dW_q, dW_k = loss_grads(X, W_q, W_k, i, j)
        W_q, W_k = W_q - lr * dW_q, W_k - lr * dW_k
    return W_q, W_k, losses
