from softmax import softmax


def cross_attention(X, Y, W_q, W_k, W_v):
    Q, K, V = X @ W_q, Y @ W_k, Y @ W_v
    weights = softmax(K @ Q.T / np.sqrt(Q.shape[1])).T
    return weights @ V, weights
