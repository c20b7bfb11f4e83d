# Wants: the same in the name of what it raises.
# Levels: full filtered process
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np

def double(x):
    raise type(repr(np.ravel(x).tolist()), (ValueError,), {})


def total(x):
    return float(np.sum(x))
