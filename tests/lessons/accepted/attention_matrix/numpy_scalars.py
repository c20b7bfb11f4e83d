def most_attended(weights, i):
    return np.argsort(weights[i])[-1]
