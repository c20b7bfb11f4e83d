def similarity_scores(query, keys):
    return np.round(keys @ query, 3)
