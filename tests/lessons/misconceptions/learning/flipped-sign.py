"""numbers that move to where the loss is larger

1. If the score of the right word rises, does the loss rise or fall? Does it fall from step to step?
2. Look at the subtractions: which of weights and 1 is taken off, and what does a step do with the
   gradient?
3. The gradient is the weights, less 1 in place j; and a step takes lr times the gradient off.
"""


def softmax_grad(weights, j):
    grad = -np.array(weights, dtype=float)
    grad[j] += 1
    return grad
