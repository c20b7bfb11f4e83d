def attention_loss(X, W_q, W_k, i, j):
    scores = (X @ W_k) @ (X[j] @ W_q) / W_k.shape[1] ** 0.5
    return -np.log(softmax(scores))[i]
