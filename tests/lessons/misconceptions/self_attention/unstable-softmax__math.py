import math


def scaled_dot_product_attention(Q, K, V):
    scores = qk_scores(Q, K) / math.sqrt(len(K[0]))
    e = np.array([[math.exp(score) for score in row] for row in scores])
    weights = e / e.sum(axis=1, keepdims=True)
    return weights @ V, weights
