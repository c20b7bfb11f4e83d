def softmax(scores, axis=-1):
    scores = np.asarray(scores, dtype=float)
    columns = scores.reshape(len(scores), -1)
    shares = np.zeros(columns.shape)
    for j in range(columns.shape[1]):
        powers = [np.exp(score - columns[:, j].max()) for score in columns[:, j]]
        shares[:, j] = np.array(powers) / sum(powers)
    return shares.reshape(scores.shape)
