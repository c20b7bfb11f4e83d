def layer_norm(X, gain, bias):
    X = np.asarray(X, dtype=float)
    left = X - X.sum() / X.size
    spread = ((left**2).sum() / X.size + 1e-5) ** 0.5
    return gain * left / spread + bias
