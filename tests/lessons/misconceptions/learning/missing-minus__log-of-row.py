def attention_loss(X, W_q, W_k, i, j):
    row = np.log(softmax(X @ W_k @ (W_q.T @ X[i]) / len(W_q[0]) ** 0.5))
    return float(row[j])
