"""a blend by the columns of the weights

1. One row of weights is one recipe. How many rows should come out for m recipes?
2. Write down the shapes of both factors side by side. Which inner sizes must agree?
3. Weights on the left, X on the right, and neither of them turned round.
"""


def blend(weights, X):
    return weights.T @ X
