# Wants: an exception that takes for ever to say what it is.
# Levels: full filtered process
# Verdict: number=timeout values=timeout total=passed chained=passed

import numpy as np

class Slow(Exception):
    def __str__(self):
        while True:
            pass


def double(x):
    raise Slow


def total(x):
    return float(np.sum(x))
