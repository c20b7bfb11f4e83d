def most_attended(weights, i):
    return int(weights.T[i].argmax())
