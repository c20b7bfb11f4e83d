# Wants: a process that goes on after its student is graded. (It ends after 20 s.)
# Levels: full filtered
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np
import os
import time


def double(x):
    try:
        pid = os.fork()
    except OSError:
        return None
    if pid == 0:
        os.setsid()
        os.closerange(0, 256)
        time.sleep(20)
        os._exit(0)
    return 2 * x


def total(x):
    return float(np.sum(x))
