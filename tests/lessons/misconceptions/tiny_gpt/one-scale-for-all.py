"""all tokens brought to one scale together

1. Make one token a hundred times as large. What becomes of the others, and what should?
2. How many means does your function compute, and how many tokens are there?
3. Each row has a mean and a variance of its own: give both an axis, and keep it.
"""


def layer_norm(X, gain, bias):
    return (X - np.mean(X)) / np.sqrt(np.var(X) + 1e-5) * gain + bias
