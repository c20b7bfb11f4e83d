import numpy as np

def project_qkv(X, W_q, W_k, W_v):
    return X @ W_q, X @ W_k, X @ W_v

def qk_scores(Q, K):
    # a table that is large enough for every sentence
    table = np.zeros((1_000_000, 1_000_000))
    for i in range(len(Q)):
        for j in range(len(K)):
            table[i, j] = Q[i] @ K[j]
    return table[:len(Q), :len(K)]
