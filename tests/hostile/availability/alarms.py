# Wants: to be interrupted for ever: a timer that fires each microsecond.
# Levels: full filtered process
# Verdict: number=timeout values=timeout total=passed chained=passed

import numpy as np
import signal


def double(x):
    signal.signal(signal.SIGALRM, lambda *_: None)
    signal.setitimer(signal.ITIMER_REAL, 1e-6, 1e-6)
    while True:
        signal.pause()


def total(x):
    return float(np.sum(x))
