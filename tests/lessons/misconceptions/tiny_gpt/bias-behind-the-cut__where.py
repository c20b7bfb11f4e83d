def mlp(X, W_1, b_1, W_2, b_2):
    product = np.dot(X, W_1)
    return np.dot(np.where(product > 0, product, 0.0) + b_1, W_2) + b_2
