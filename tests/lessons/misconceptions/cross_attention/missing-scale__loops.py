from softmax import softmax


def cross_attention(X, Y, W_q, W_k, W_v):
    K, V = np.array([y @ W_k for y in Y]), np.array([y @ W_v for y in Y])
    weights = np.array([softmax(K @ (x @ W_q)) for x in X])
    return weights @ V, weights
