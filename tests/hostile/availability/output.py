# Wants: to fill the disk with what it prints.
# Levels: full filtered process
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np
import os
import sys


def double(x):
    for _ in range(2000):
        print("flood " * 1000)
        sys.stderr.write("flood " * 1000)
        os.write(1, b"flood " * 1000)
    return None


def total(x):
    return float(np.sum(x))
