# Wants: to use up the machine's open files.
# Levels: full filtered process
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np
import os


def double(x):
    kept = [os.dup(1) for _ in range(4000)]
    return 2 * x if kept else None


def total(x):
    return float(np.sum(x))
