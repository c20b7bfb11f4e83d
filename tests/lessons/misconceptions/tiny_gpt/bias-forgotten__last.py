def mlp(X, W_1, b_1, W_2, b_2):
    hidden = (np.einsum("nd,dh->nh", X, W_1) + b_1).clip(0)
    return np.einsum("nh,hd->nd", hidden, W_2)
