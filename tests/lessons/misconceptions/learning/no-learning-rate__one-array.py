def train(sentences, W_q, W_k, steps, lr):
    W, losses = np.array([W_q, W_k], dtype=float), []
    for step in range(steps):
        X, i, j = sentences[step % len(sentences)]
        losses.append(attention_loss(X, *W, i, j))
        W = W - np.array(loss_grads(X, *W, i, j))
    return W[0], W[1], losses
