"""a result that is 0 wherever it would be negative

1. Is any number of your result below 0? May it be?
2. How often do you cut at 0, and where?
3. What is below 0 is cut once, between the two matrices.
"""


def mlp(X, W_1, b_1, W_2, b_2):
    return np.maximum(np.maximum(X @ W_1 + b_1, 0) @ W_2 + b_2, 0)
