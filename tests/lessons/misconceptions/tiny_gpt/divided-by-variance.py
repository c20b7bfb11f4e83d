"""tokens that come out the smaller, the larger they were

1. Make a token ten times as large. What should come out for it, and what does?
2. A spread of 10 is a variance of 100. By which of the two is a token brought to spread 1?
3. Take the root of the variance before you divide; the 0.00001 goes below the root, too.
"""


def layer_norm(X, gain, bias):
    mean = np.mean(X, axis=-1, keepdims=True)
    return (X - mean) / (np.var(X, axis=-1, keepdims=True) + 1e-5) * gain + bias
