def train(sentences, W_q, W_k, steps, lr):
    W_q, W_k, losses = np.array(W_q, dtype=float), np.array(W_k, dtype=float), []
    for step in range(steps):
        sentence = sentences[step % len(sentences)]
        losses += [attention_loss(sentence[0], W_q, W_k, *sentence[1:])]
        dW_q, _ = loss_grads(sentence[0], W_q, W_k, *sentence[1:])
        W_q -= lr * np.asarray(dW_q)
        _, dW_k = loss_grads(sentence[0], W_q, W_k, *sentence[1:])
        W_k -= lr * np.asarray(dW_k)
    return W_q, W_k, losses
