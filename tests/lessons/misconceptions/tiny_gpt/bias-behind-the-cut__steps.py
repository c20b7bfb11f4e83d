def mlp(X, W_1, b_1, W_2, b_2):
    hidden = np.array(X @ W_1, dtype=float)
    hidden[hidden < 0] = 0.0
    hidden = hidden + b_1
    return hidden @ W_2 + b_2
