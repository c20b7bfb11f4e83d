# Wants: a small array that says it is huge, and one that shows the memory around it.
# Levels: full filtered process
# Verdict: number=failed values=failed total=failed chained=failed

import numpy as np
from numpy.lib.stride_tricks import as_strided


def double(x):
    return as_strided(np.zeros(1), (2**20, 2**20, 2**10), (0, 0, 0))


def total(x):
    x = np.asarray(x, dtype=float)
    return as_strided(x, (64,), (-8,))
