# Wants: to cost waiting time, and no CPU time at all.
# Levels: full filtered process
# Verdict: number=timeout values=timeout total=passed chained=passed

import numpy as np
import time


def double(x):
    while True:
        time.sleep(1000)


def total(x):
    return float(np.sum(x))
