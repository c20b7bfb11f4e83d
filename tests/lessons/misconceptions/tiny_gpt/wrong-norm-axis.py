"""tokens that were brought to one scale with one another

1. Make one token a hundred times as large. Should the others change? Do they?
2. Along which axis do `mean` and `var` run in your code?
3. Each token has its own mean and spread: they run along the last axis.
"""


def layer_norm(X, gain, bias):
    centred = X - np.mean(X, axis=0)
    return centred / np.sqrt(np.mean(centred**2, axis=0) + 1e-5) * gain + bias
