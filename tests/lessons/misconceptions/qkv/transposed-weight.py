"""tokens that pick columns of the weight matrices

1. Row i of W_q is what the i-th number of a token adds to its query. Do you use rows or columns
   of W_q?
2. Look for a `.T` on a weight matrix, also one that another `.T` around the whole seems to take
   back.
3. With tokens in rows, no weight matrix needs turning round.
"""


def project_qkv(X, W_q, W_k, W_v):
    X = np.asarray(X, dtype=float)
    return X @ W_q.T, X @ W_k.T, X @ W_v.T
