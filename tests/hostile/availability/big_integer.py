# Wants: a power with more digits than the machine has memory.
# Levels: full filtered process
# Verdict: number=timeout values=timeout total=passed chained=passed

import numpy as np

def double(x):
    return pow(7, 7**12)


def total(x):
    return float(np.sum(x))
