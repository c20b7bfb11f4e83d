def attention_loss(X, W_q, W_k, i, j):
    Q, K = np.dot(X, W_q), np.dot(X, W_k)
    weights = softmax(np.dot(Q, K.T), axis=1)
    return -np.log(weights[i, j])
