import numpy as np

def project_qkv(X, W_q, W_k, W_v):
    Q = np.dot(X, W_q)
    K = np.dot(X, W_k)
    V = np.dot(X, W_v)
    return Q, K, V

def qk_scores(Q, K):
    return np.dot(Q, K.T)
