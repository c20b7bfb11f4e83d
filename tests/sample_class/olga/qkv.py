import numpy as np


def project_qkv(X, W_q, W_k, W_v):
    return X @ W_q, X @ W_k, X @ W_v


def qk_scores(Q, K):
    return np.asarray(Q, dtype=float) @ K.T  # (n_q, d_k) @ (d_k, n_k)
