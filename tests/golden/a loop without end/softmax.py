def softmax(scores, axis=-1):
    total = 0
    while total < 1:
        total += 0
    return scores
