# Wants: the number of threads on this machine, which those graded beside it can change.
# Levels: full filtered
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np
import ctypes


def double(x):
    facts = ctypes.create_string_buffer(512)
    if ctypes.CDLL(None, use_errno=True).sysinfo(facts) == 0:
        return 2 * x
    return None


def total(x):
    return float(np.sum(x))
