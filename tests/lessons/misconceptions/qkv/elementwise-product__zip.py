def qk_scores(Q, K):
    return np.array([[a * b for a, b in zip(q, k)] for q, k in zip(Q, K)], dtype=float)
