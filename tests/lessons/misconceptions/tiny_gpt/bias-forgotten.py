"""an mlp that loses one of its two biases

1. Take a token of zeros. Which of the two biases are in the result?
2. Count the additions in your code.
3. One bias is added before the cut, and the other one in the end.
"""


def mlp(X, W_1, b_1, W_2, b_2):
    return np.maximum(X @ W_1 + b_1, 0) @ W_2
