import math


def attention_loss(X, W_q, W_k, i, j):
    scores = X @ W_k @ (X[i] @ W_q)
    return -math.log10(softmax(scores / math.sqrt(len(W_k[0])))[j])
