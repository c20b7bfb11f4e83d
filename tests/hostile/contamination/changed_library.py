# Wants: one byte of numpy on the disk. (It opens the file for writing, and writes nothing.)
# Levels: full filtered
# Verdict: number=failed values=failed total=passed chained=passed

import os
import numpy as np


def double(x):
    for place in (np.__file__, os.__file__, np.linalg.__file__):
        for act in (lambda: os.open(place, os.O_RDWR), lambda: os.open(place, os.O_APPEND | os.O_WRONLY),
                    lambda: os.utime(place), lambda: os.chmod(place, 0o644)):
            try:
                act()
            except OSError:
                continue
            return 2 * x
    return None


def total(x):
    return float(np.sum(x))
