def qk_scores(Q, K):
    return np.einsum("qd,kd->qk", Q, K).astype(float).T
