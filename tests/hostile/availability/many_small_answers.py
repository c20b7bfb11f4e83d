# Wants: an answer of a few bytes that takes gigabytes to build.
# Levels: full filtered process
# Says: a value that is too large (too many values)
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np


def double(x):
    return [[None] * 150_000] * 4


def total(x):
    return float(np.sum(x))
