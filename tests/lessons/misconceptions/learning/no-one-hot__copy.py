def softmax_grad(weights, j):
    grad = np.zeros(len(weights))
    for place, weight in enumerate(weights):
        grad[place] = weight
    return grad
