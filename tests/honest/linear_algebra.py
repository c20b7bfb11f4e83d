# Wants: to use all of numpy.linalg.
# Levels: full filtered process
# Verdict: number=passed values=passed total=passed chained=passed

import numpy as np

a = np.random.default_rng(0).normal(size=(6, 6))
u, s, vt = np.linalg.svd(a)
q, r = np.linalg.qr(a)
assert np.allclose(u * s @ vt, a) and np.allclose(q @ r, a)
assert np.allclose(np.linalg.inv(a) @ a, np.eye(6)) and np.linalg.matrix_rank(a) == 6
values, vectors = np.linalg.eigh(a @ a.T)
np.linalg.det(a), np.linalg.cholesky(a @ a.T), np.linalg.lstsq(a, np.ones(6)), np.linalg.pinv(a)


def double(x):
    x = np.atleast_2d(x)
    solved = np.linalg.solve(np.eye(len(x)) / 2, x)
    return solved if solved.size > 1 else solved[0, 0]


def total(x):
    return float(np.sum(x))
