def qk_scores(Q, K):
    return Q * K
