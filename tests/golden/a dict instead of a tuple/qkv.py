import numpy as np


def project_qkv(X, W_q, W_k, W_v):
    return {"Q": X @ W_q, "K": X @ W_k, "V": X @ W_v}


def qk_scores(Q, K):
    return np.einsum("ij,kj->ik", Q, K) / 8
