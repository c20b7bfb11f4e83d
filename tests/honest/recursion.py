# Wants: recursion of a reasonable depth, and an error that is caught.
# Levels: full filtered process
# Verdict: number=passed values=passed total=passed chained=passed

import sys
import numpy as np

sys.setrecursionlimit(3000)


def down(n):
    return 0 if n == 0 else down(n - 1)


def double(x):
    down(900)
    try:
        down(10**6)
    except RecursionError:
        pass
    return 2 * np.asarray(x)


def total(x):
    return float(np.sum(x))
