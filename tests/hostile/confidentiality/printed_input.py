# Wants: the same in what it prints.
# Levels: full filtered process
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np
import os
import sys


def double(x):
    for stream in (sys.stdout, sys.stderr, sys.__stdout__):
        print("input:", repr(x), file=stream)
    os.write(1, repr(x).encode())
    return None


def total(x):
    return float(np.sum(x))
