from softmax import softmax


def cross_attention(X, Y, W_q, W_k, W_v):
    Q, K = np.einsum("nd,dk->nk", X, W_q), np.einsum("md,dk->mk", Y, W_k)
    weights = softmax(np.einsum("nk,mk->nm", Q, K) / np.sqrt(W_q.shape[1]))
    return np.einsum("nm,md,dv->nv", weights, Y, W_v), weights
