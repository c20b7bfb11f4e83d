from softmax import softmax


def cross_attention(X, Y, W_q, W_k, W_v):
    Q, K = np.dot(X, W_q), np.dot(X, W_k)
    weights = softmax(Q @ K.T / np.sqrt(W_k.shape[1]), axis=-1)
    return weights @ np.dot(Y, W_v), weights
