# Wants: to compute for ever where no signal handler of Python's runs.
# Levels: full filtered process
# Verdict: number=timeout values=timeout total=passed chained=passed

import numpy as np

def double(x):
    return sum(range(10**15))


def total(x):
    return float(np.sum(x))
