def train(sentences, W_q, W_k, steps, lr):
    weights, losses = [np.array(W_q, float), np.array(W_k, float)], []
    for t in range(steps):
        sentence = sentences[t % len(sentences)]
        losses += [attention_loss(sentence[0], *weights, *sentence[1:])]
        grads = loss_grads(sentence[0], *weights, *sentence[1:])
        weights = [W + lr * g for W, g in zip(weights, grads)]
    return [*weights, losses]
