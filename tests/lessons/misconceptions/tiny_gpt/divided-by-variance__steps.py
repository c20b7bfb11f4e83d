def layer_norm(X, gain, bias):
    centred = X - np.sum(X, axis=1, keepdims=True) / np.shape(X)[1]
    variance = np.mean(centred * centred, axis=1, keepdims=True) + 0.00001
    return gain * (centred / variance) + bias
