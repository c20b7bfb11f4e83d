def similarity_scores(query, keys):
    return np.asarray(keys, dtype=float) * query
