def train(sentences, W_q, W_k, steps, lr):
    (X, i, j), *_ = sentences
    W, losses = np.array([W_q, W_k], dtype=float), []
    while len(losses) < steps:
        losses.append(attention_loss(X, *W, i, j))
        W = W - lr * np.array(loss_grads(X, *W, i, j))
    return W[0], W[1], losses
