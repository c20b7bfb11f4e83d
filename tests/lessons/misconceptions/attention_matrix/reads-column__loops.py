def most_attended(weights, i):
    best = 0
    for j in range(len(weights)):
        if weights[j][i] > weights[best][i]:
            best = j
    return best
