def mlp(X, W_1, b_1, W_2, b_2):
    for W, b in [(W_1, b_1), (W_2, b_2)]:
        X = (X @ W + b).clip(min=0)
    return X
