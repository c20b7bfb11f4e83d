def softmax_grad(weights, j):
    weights[j] = weights[j] - 1
    return weights
