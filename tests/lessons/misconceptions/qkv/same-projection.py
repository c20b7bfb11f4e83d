"""two roles with the same vectors

1. Three roles, three matrices: does each of W_q, W_k and W_v occur in your code?
2. Read the lines for Q, K and V one after the other. What differs between them?
3. Each of the three results is X times the matrix of its own name.
"""


def project_qkv(X, W_q, W_k, W_v):
    X = np.asarray(X, dtype=float)
    return X @ W_q, X @ W_q, X @ W_q
