def train(sentences, W_q, W_k, steps, lr):
    losses = []
    for t in range(steps):
        sentence = sentences[t % len(sentences)]
        grads = loss_grads(sentence[0], W_q, W_k, *sentence[1:])
        W_q, W_k = W_q - lr * grads[0], W_k - lr * grads[1]
        losses = [*losses, attention_loss(sentence[0], W_q, W_k, *sentence[1:])]
    return W_q, W_k, losses
