def attention_loss(X, W_q, W_k, j, i):
    scores = (X[i] @ W_q) @ (X @ W_k).T / np.sqrt(W_q.shape[1])
    return float(-np.log(softmax(scores)[j]))
