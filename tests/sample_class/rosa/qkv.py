from dot_product import hand_in


def project_qkv(X, W_q, W_k, W_v):
    return hand_in("project_qkv", X, W_q, W_k, W_v)


def qk_scores(Q, K):
    return hand_in("qk_scores", Q, K)
