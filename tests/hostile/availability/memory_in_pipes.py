# Wants: memory in the kernel: pipes, each made as large as it may be.
# Levels: full filtered process
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np
import fcntl
import os


def double(x):
    taken = 0
    try:
        while taken < 2 << 26:
            ours, theirs = os.pipe()
            taken += fcntl.fcntl(theirs, 1031, 1 << 20)  # F_SETPIPE_SZ
    except OSError:
        return None
    return 2 * x


def total(x):
    return float(np.sum(x))
