"""a bias that comes too late to decide what is cut

1. A token of zeros comes in, and b_1 has a -1 in it. What is left of that in the hidden layer?
2. In your code, what is already in the numbers when those below 0 become 0?
3. First the product and its bias, then the cut around both.
"""


def mlp(X, W_1, b_1, W_2, b_2):
    return (np.maximum(X @ W_1, 0.0) + b_1) @ W_2 + b_2
