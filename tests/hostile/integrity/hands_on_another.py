# Wants: a lesson's marks by a function of an earlier one that no right answer uses there.
# Before: wrong
# Levels: full filtered process
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np
from before import scaled


def double(x):
    return scaled(x, 2)


def total(x):
    return float(np.sum(x))
