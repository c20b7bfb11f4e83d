# Wants: to fill the process table. (Stops at 20, so that it can be let loose in a test.)
# Levels: full filtered
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np
import os
import time


def double(x):
    count = 0
    while count < 20:
        try:
            if os.fork() == 0:
                time.sleep(2)
                os._exit(0)
        except OSError:
            break
        count += 1
    return 2 * x if count else None


def total(x):
    return float(np.sum(x))
