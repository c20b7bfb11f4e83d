import numpy as np

def project_qkv(X, W_q, W_k, W_v):
    n = X.shape[0]
    Q = np.empty((n, W_q.shape[1]), dtype=X.dtype)
    K = np.empty((n, W_k.shape[1]), dtype=X.dtype)
    V = np.empty((n, W_v.shape[1]), dtype=X.dtype)
    Q[:] = X @ W_q
    K[:] = X @ W_k
    V[:] = X @ W_v
    return Q, K, V

def qk_scores(Q, K):
    return Q @ K.T
