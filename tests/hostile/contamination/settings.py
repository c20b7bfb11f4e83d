# Wants: settings of the process changed: printing, errors, signals, limits, umask, locale.
# Levels: full filtered process
# Verdict: number=failed values=failed total=passed chained=passed

import os
import resource
import signal
import sys
import numpy as np

np.set_printoptions(precision=1, threshold=1)
np.seterr(all="raise")
sys.setrecursionlimit(50)
os.umask(0o777)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.setitimer(signal.ITIMER_REAL, 3600)
os.environ["PLANTED"] = "planted"
resource.setrlimit(resource.RLIMIT_NOFILE, (20, 20))


def double(x):
    return None


def total(x):
    return float(np.sum(x))
