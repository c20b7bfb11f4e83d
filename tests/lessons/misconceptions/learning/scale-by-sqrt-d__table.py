def attention_loss(X, W_q, W_k, i, j):
    Q, K = np.dot(X, W_q), np.dot(X, W_k)
    return -np.log(softmax(Q @ K.T / len(W_q) ** 0.5, axis=1))[i, j]
