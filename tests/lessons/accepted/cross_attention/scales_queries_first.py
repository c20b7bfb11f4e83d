from softmax import softmax


def cross_attention(X, Y, W_q, W_k, W_v):
    Q = np.asarray(X, float) @ W_q / np.sqrt(np.shape(W_q)[-1])
    weights = softmax(Q @ (Y @ W_k).T)
    return np.matmul(weights, Y @ W_v), weights
