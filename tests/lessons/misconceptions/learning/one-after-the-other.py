"""matrices that move one after the other

1. Which W_q does your gradient of W_k belong to: the one before this step, or the one after it?
2. How often do you ask `loss_grads` in a step, and what has changed when you ask again?
3. Ask once, keep both gradients, and then move both matrices.
"""


def train(sentences, W_q, W_k, steps, lr):
    W_q, W_k, losses = np.array(W_q, dtype=float), np.array(W_k, dtype=float), []
    for step in range(steps):
        X, i, j = sentences[step % len(sentences)]
        losses.append(attention_loss(X, W_q, W_k, i, j))
        W_q = W_q - lr * loss_grads(X, W_q, W_k, i, j)[0]
        W_k = W_k - lr * loss_grads(X, W_q, W_k, i, j)[1]
    return W_q, W_k, losses
