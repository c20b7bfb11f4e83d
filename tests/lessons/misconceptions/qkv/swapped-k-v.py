"""keys and values that changed places

1. Which of the three results should have d_v columns?
2. Compare the order of W_q, W_k, W_v in the call with the order in which you use or return them.
3. The second result is made with W_k, the third with W_v.
"""


def project_qkv(X, W_q, W_k, W_v):
    X = np.asarray(X, dtype=float)
    return X @ W_q, X @ W_v, X @ W_k
