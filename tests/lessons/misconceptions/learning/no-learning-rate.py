"""steps as long as the gradient, whatever lr is

1. Halve lr. Do the matrices move half as far?
2. Where does lr come into your step?
3. A step takes lr times the gradient off each matrix.
"""


def train(sentences, W_q, W_k, steps, lr):
    W_q, W_k, losses = np.array(W_q, dtype=float), np.array(W_k, dtype=float), []
    for step in range(steps):
        X, i, j = sentences[step % len(sentences)]
        losses.append(attention_loss(X, W_q, W_k, i, j))
        dW_q, dW_k = loss_grads(X, W_q, W_k, i, j)
        W_q, W_k = W_q - dW_q, W_k - dW_k
    return W_q, W_k, losses
