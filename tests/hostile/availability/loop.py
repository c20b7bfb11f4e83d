# Wants: to compute for ever.
# Levels: full filtered process
# Verdict: number=timeout values=timeout total=passed chained=passed

import numpy as np

def double(x):
    while True:
        pass


def total(x):
    return float(np.sum(x))
