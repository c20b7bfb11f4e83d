# Wants: to end with a signal and a core file.
# Levels: full filtered process
# Verdict: number=crashed values=crashed total=passed chained=passed

import numpy as np
import os


def double(x):
    os.abort()


def total(x):
    return float(np.sum(x))
