from itertools import cycle, islice


def train(sentences, W_q, W_k, steps, lr):
    W, losses = np.array([W_q, W_k], dtype=float), np.empty(steps)
    for t, (X, i, j) in enumerate(islice(cycle(sentences), steps)):
        losses[t] = attention_loss(X, *W, i, j)
        W -= lr * np.array(loss_grads(X, *W, i, j))
    return W[0], W[1], losses
