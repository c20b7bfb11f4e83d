def train(sentences, W_q, W_k, steps, lr):
    W, losses = np.array([W_q, W_k], dtype=float), np.zeros(steps)
    for t in range(steps):
        X, i, j = sentences[t % len(sentences)]
        W = W - lr * np.array(loss_grads(X, W[0], W[1], i, j))
        losses[t] = attention_loss(X, W[0], W[1], i, j)
    return W[0], W[1], losses
