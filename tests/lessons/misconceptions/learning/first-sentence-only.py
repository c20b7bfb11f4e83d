"""a model that sees one sentence alone

1. Change the second sentence. Does what was learned change?
2. Which sentence do you take in step 0, in step 1, in step 2?
3. Step t takes sentence number t, and begins again after the last: the remainder `%` helps.
"""


def train(sentences, W_q, W_k, steps, lr):
    W_q, W_k, losses = np.array(W_q, dtype=float), np.array(W_k, dtype=float), []
    X, i, j = sentences[0]
    for _ in range(steps):
        losses.append(attention_loss(X, W_q, W_k, i, j))
        dW_q, dW_k = loss_grads(X, W_q, W_k, i, j)
        W_q -= lr * dW_q
        W_k -= lr * dW_k
    return W_q, W_k, losses
