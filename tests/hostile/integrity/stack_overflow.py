# Wants: to overflow the C stack: recursion without Python's limit.
# Levels: full filtered process
# Verdict: number=crashed values=crashed total=passed chained=passed

import numpy as np


def double(x):
    value = ()
    for _ in range(300_000):
        value = (value,)
    return hash(value)  # calls itself in C, with no limit of Python's


def total(x):
    return float(np.sum(x))
