# Wants: the same in a text that Python writes: no `raise` of its own.
# Levels: full filtered process
# Verdict: number=failed values=failed total=passed chained=passed
# Says: got        KeyError

import numpy as np

def double(x):
    return {}[repr(np.ravel(x).tolist())]


def total(x):
    return float(np.sum(x))
