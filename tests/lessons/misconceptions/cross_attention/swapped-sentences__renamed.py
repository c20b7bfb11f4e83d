from softmax import softmax


def cross_attention(source, target, W_q, W_k, W_v):
    Q, K, V = target @ W_q, source @ W_k, source @ W_v
    weights = softmax(Q @ K.T / np.sqrt(K.shape[-1]))
    return weights @ V, weights
