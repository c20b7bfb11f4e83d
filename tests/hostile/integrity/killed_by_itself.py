# Wants: to look as if the system had ended it.
# Levels: full filtered process
# Verdict: number=failed values=failed total=passed chained=passed
# Verdict at process: number=crashed values=crashed total=passed chained=passed

import numpy as np
import os
import signal


def double(x):
    os.kill(os.getpid(), signal.SIGKILL)


def total(x):
    return float(np.sum(x))
