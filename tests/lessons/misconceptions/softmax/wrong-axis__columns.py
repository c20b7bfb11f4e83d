def softmax(scores, axis=-1):
    shares = np.zeros(scores.shape)
    for j in range(scores.shape[1]):
        column = [np.exp(score) for score in scores[:, j]]
        shares[:, j] = np.array(column) / sum(column)
    return shares
