# Wants: to signal any process nearby. (With signal 0, which harms none.)
# Levels: full filtered
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np
import os
import signal


def double(x):
    for pid in (0, os.getppid(), os.getppid() - 1, 1):
        for act in (lambda: os.kill(pid, 0), lambda: signal.pidfd_send_signal(os.pidfd_open(pid), 0)):
            try:
                act()
            except OSError:
                continue
            return 2 * x
    return None


def total(x):
    return float(np.sum(x))
