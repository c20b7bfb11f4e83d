def qk_scores(Q, K):
    return K @ Q.T
