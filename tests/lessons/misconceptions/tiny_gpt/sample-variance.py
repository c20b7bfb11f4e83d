"""a spread that is a little too large

1. What is the variance of 1 and 3: 1 or 2? Which one do you compute?
2. Look for `ddof`, or for a division by one less than the number of features.
3. The variance here is a plain mean of squares.
"""


def layer_norm(X, gain, bias):
    mean, var = np.mean(X, axis=-1, keepdims=True), np.var(X, axis=-1, keepdims=True, ddof=1)
    return (X - mean) / np.sqrt(var + 1e-5) * gain + bias
