def qk_scores(Q, K):
    return np.array([[float(np.dot(q, k)) for q in Q] for k in K])
