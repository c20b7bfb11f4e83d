def similarity_scores(query, keys):
    return np.array([cosine_similarity(query, key) for key in keys])
