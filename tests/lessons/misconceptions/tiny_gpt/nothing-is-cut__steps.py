def mlp(X, W_1, b_1, W_2, b_2):
    hidden = np.matmul(X, W_1)
    hidden = hidden + b_1
    return np.add(np.matmul(hidden, W_2), b_2)
