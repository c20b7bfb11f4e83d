"""losses that come one step too late

1. How large is the loss before anything was learned? Is that your first number?
2. In your loop, what comes first: measuring, or moving the matrices?
3. Measure first, then move.
"""


def train(sentences, W_q, W_k, steps, lr):
    W_q, W_k, losses = np.array(W_q, dtype=float), np.array(W_k, dtype=float), []
    for step in range(steps):
        X, i, j = sentences[step % len(sentences)]
        dW_q, dW_k = loss_grads(X, W_q, W_k, i, j)
        W_q -= lr * dW_q
        W_k -= lr * dW_k
        losses.append(attention_loss(X, W_q, W_k, i, j))
    return W_q, W_k, losses
