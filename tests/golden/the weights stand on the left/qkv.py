import numpy as np


def project_qkv(X, W_q, W_k, W_v):
    return W_q @ X, W_k @ X, W_v @ X


def qk_scores(Q, K):
    return Q @ K.T
