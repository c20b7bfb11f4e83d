# Wants: the same in the name of what it returns.
# Levels: full filtered process
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np

def double(x):
    return type(repr(np.ravel(x).tolist()), (), {})()


def total(x):
    return float(np.sum(x))
