"""an array of the caller's that was changed

1. Look at what you passed in, after the call. Is it as before?
2. Which line writes into an array that came in from outside?
3. Copy first, with `np.array`, and write into the copy.
"""


def softmax_grad(weights, j):
    grad = np.asarray(weights)
    grad[j] -= 1
    return grad
