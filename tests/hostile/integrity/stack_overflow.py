# Wants: to overflow the C stack: recursion without Python's limit.
# Levels: full filtered process
# Verdict: number=crashed values=crashed total=passed chained=passed

import numpy as np
import sys


def double(x):
    sys.setrecursionlimit(10**9)
    value = []
    for _ in range(200_000):
        value = [value]
    return repr(value)


def total(x):
    return float(np.sum(x))
