"""a product for tokens that stand in columns

1. Rows are tokens. How many rows should come out?
2. Write the two shapes side by side. Which inner sizes must agree?
3. The tokens stand on the left of `@`, the weight matrix on the right.
"""


def project_qkv(X, W_q, W_k, W_v):
    X = np.asarray(X, dtype=float)
    return W_q @ X, W_k @ X, W_v @ X
