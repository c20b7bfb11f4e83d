"""a round through all sentences for each step

1. With two sentences and `steps` 3: how many losses come back, and how many should?
2. How many sentences does one step see? And how often does your innermost line run?
3. One loop from 0 to `steps` is enough: its number says which sentence is next.
"""


def train(sentences, W_q, W_k, steps, lr):
    W_q, W_k, losses = np.array(W_q, dtype=float), np.array(W_k, dtype=float), []
    for X, i, j in list(sentences) * steps:
        losses.append(attention_loss(X, W_q, W_k, i, j))
        dW_q, dW_k = loss_grads(X, W_q, W_k, i, j)
        W_q -= lr * dW_q
        W_k -= lr * dW_k
    return W_q, W_k, losses
