import numpy as np


def project_qkv(X, W_q, W_k, W_v):
    return [np.einsum("nm,mk->nk", X, W) for W in (W_q, W_k, W_v)]


def qk_scores(Q, K):
    scores = np.zeros((len(Q), len(K)))
    for i, q in enumerate(Q):
        for j, k in enumerate(K):
            scores[i, j] = sum(q * k)
    return scores
