# Wants: to wait for itself.
# Levels: full filtered process
# Verdict: number=timeout values=timeout total=passed chained=passed

import numpy as np
import threading


def double(x):
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()


def total(x):
    return float(np.sum(x))
