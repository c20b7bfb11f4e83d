"""queries and keys that changed places

1. Which of the three matrices makes the queries?
2. Compare the order of W_q, W_k, W_v in the call with the order in which you use or return them.
3. The first result is made with W_q, the second with W_k.
"""


def project_qkv(X, W_q, W_k, W_v):
    X = np.asarray(X, dtype=float)
    return X @ W_k, X @ W_q, X @ W_v
