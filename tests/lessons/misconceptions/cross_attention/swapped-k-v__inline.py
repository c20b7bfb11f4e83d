from softmax import softmax


def cross_attention(X, Y, W_q, W_k, W_v):
    K, V = np.matmul(Y, W_v), np.matmul(Y, W_k)
    weights = softmax(np.matmul(X, W_q) @ K.T / np.sqrt(len(K[0])), axis=1)
    return weights @ V, weights
