# Wants: the same in what it returns: text where numbers belong.
# Levels: full filtered process
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np

def double(x):
    return repr(np.ravel(x).tolist())


def total(x):
    return float(np.sum(x))
