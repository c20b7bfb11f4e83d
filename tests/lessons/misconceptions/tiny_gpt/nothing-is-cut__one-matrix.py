def mlp(X, W_1, b_1, W_2, b_2):
    return X @ (W_1 @ W_2) + (b_1 @ W_2 + b_2)
