def qk_scores(Q, K):
    return (Q @ K.T) / K.shape[-1]
