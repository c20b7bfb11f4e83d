def softmax(scores, axis=-1):
    scores = np.array(scores, dtype=float)
    largest = max(scores.flatten())
    return np.vectorize(lambda score: np.e ** (score - largest))(scores)
