import numpy as np
from softmax import softmax


def attention_loss(X, W_q, W_k, i, j):
    scores = (X @ W_k) @ (X[i] @ W_q) / np.sqrt(W_k.shape[1])
    return -np.log(softmax(scores)[j])


def softmax_grad(weights, j):
    return [weight - 1.0 if place == j else weight for place, weight in enumerate(weights)]


def loss_grads(X, W_q, W_k, i, j):
    q, K = X[i] @ W_q, X @ W_k
    g = softmax_grad(softmax(K @ q / np.sqrt(len(q))), j)
    return np.outer(X[i], g @ K), X.T @ np.outer(g, q)


def train(sentences, W_q, W_k, steps, lr):
    losses = []
    for step in range(steps):
        X, i, j = sentences[step % len(sentences)]
        losses.append(attention_loss(X, W_q, W_k, i, j))
        dW_q, dW_k = loss_grads(X, W_q, W_k, i, j)
        W_q, W_k = W_q - lr * dW_q, W_k - lr * dW_k
    return W_q, W_k, losses
