# Wants: the number of a new pipe, which counts the pipes of all programs on this machine.
# Levels: full filtered
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np
import os


def double(x):
    try:
        ours, theirs = os.pipe()
    except OSError:
        return None
    return 2 * x if os.fstat(ours).st_ino else None


def total(x):
    return float(np.sum(x))
