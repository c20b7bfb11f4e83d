# Wants: to be neither running nor ended: SIGSTOP to itself.
# Levels: full filtered process
# Verdict: number=failed values=failed total=passed chained=passed
# Verdict at process: number=timeout values=timeout total=passed chained=passed

import numpy as np
import os
import signal


def double(x):
    os.kill(os.getpid(), signal.SIGSTOP)


def total(x):
    return float(np.sum(x))
