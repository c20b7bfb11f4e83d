def most_attended(weights, i):
    return int(np.argmax(weights[:, i]))
