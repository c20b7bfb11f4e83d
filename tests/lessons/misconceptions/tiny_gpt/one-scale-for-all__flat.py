def layer_norm(X, gain, bias):
    flat = np.ravel(X).astype(float)
    normed = (flat - flat.mean()) * (flat.var() + 1e-5) ** -0.5
    return np.multiply(normed.reshape(np.shape(X)), gain) + bias
