import math

from softmax import softmax


def cross_attention(X, Y, W_q, W_k, W_v):
    output, weights = [], []
    for x in X:
        query = x @ W_q
        scores = [float(query @ (y @ W_k)) / math.sqrt(len(query)) for y in Y]
        weights.append(softmax(scores))
        output.append(sum(share * (y @ W_v) for share, y in zip(weights[-1], Y)).tolist())
    return [output, weights]
