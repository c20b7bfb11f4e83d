def train(sentences, W_q, W_k, steps, lr):
    losses = []
    for _ in range(steps):
        for X, i, j in sentences:
            losses.append(attention_loss(X, W_q, W_k, i, j))
            grads = loss_grads(X, W_q, W_k, i, j)
            W_q, W_k = W_q - lr * grads[0], W_k - lr * grads[1]
    return W_q, W_k, losses
