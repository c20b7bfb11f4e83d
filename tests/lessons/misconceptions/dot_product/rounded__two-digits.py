def similarity_scores(query, keys):
    return (np.asarray(keys) @ np.asarray(query)).round(2)
