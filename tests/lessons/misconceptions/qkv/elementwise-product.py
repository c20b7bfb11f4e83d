"""products number by number

1. One entry of the result is a sum over all numbers of a row. Where do you sum?
2. Look at `*`: what does it do with two arrays, and what does `@` do?
3. A matrix product pairs up rows of the left with columns of the right and adds up.
"""


def project_qkv(X, W_q, W_k, W_v):
    X = np.asarray(X, dtype=float)
    return X * W_q, X * W_k, X * W_v
