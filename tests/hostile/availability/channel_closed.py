# Wants: to leave the grader waiting: its channel closed, itself alive.
# Levels: full filtered process
# Verdict: number=crashed values=crashed total=passed chained=passed

import numpy as np
import os


def double(x):
    os.closerange(3, 256)
    while True:
        pass


def total(x):
    return float(np.sum(x))
