def softmax(scores, axis=-1):
    odds = np.exp(scores)
    return odds / (odds + 1)
