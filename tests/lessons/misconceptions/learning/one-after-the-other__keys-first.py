def train(sentences, W_q, W_k, steps, lr):
    losses = []
    for step in range(steps):
        X, i, j = sentences[step % len(sentences)]
        losses.append(attention_loss(X, W_q, W_k, i, j))
        W_k = W_k - lr * np.array(loss_grads(X, W_q, W_k, i, j)[1])
        W_q = W_q - lr * np.array(loss_grads(X, W_q, W_k, i, j)[0])
    return W_q, W_k, losses
