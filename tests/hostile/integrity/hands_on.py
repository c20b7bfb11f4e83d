# Wants: a lesson's marks for three lines that hand on what an earlier one is served.
# Before: wrong
# Levels: full filtered process
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np
from before import twice as double


def total(x):
    return float(np.sum(x))
