# Wants: a good deal of memory, given back.
# Levels: full filtered process
# Verdict: number=passed values=passed total=passed chained=passed

import numpy as np

def double(x):
    large = np.ones((2000, 2000))  # 32 MB
    large += large
    del large
    return 2 * np.asarray(x)


def total(x):
    return float(np.sum(x))
