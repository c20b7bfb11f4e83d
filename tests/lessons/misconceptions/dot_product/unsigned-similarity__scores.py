def similarity_scores(query, keys):
    return np.abs(np.asarray(keys) @ np.asarray(query))
