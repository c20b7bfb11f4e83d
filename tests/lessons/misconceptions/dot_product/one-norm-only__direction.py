def cosine_similarity(u, v):
    length = np.sqrt(np.sum(np.square(u)))
    return 0.0 if length == 0 else dot_product(np.asarray(u) / length, v)
