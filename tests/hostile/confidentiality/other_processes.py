# Wants: to see which other processes there are, and how much each of them computes.
# Levels: full filtered
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np
import os
import time


def acts(pid):
    """What asks about a process without touching it."""
    return (lambda: time.clock_gettime((~pid << 3) | 2), lambda: time.clock_getres((~pid << 3) | 2),
            lambda: os.getpgid(pid), lambda: os.getsid(pid), lambda: os.sched_getparam(pid),
            lambda: os.sched_getscheduler(pid), lambda: os.sched_getaffinity(pid))


def double(x):
    for pid in (1, 2, os.getppid()):
        for act in acts(pid):
            try:
                act()
            except OSError:
                continue
            return 2 * x
    return None


def total(x):
    return float(np.sum(x)) if os.getpgid(0) + 1 and time.thread_time() else None
