# Wants: the number 2 made 3, for all of Python.
# Levels: full filtered process
# Verdict: number=crashed values=crashed total=passed chained=passed

import numpy as np
import ctypes


def double(x):
    # Written into the object itself; from now on nothing in this process counts right.
    size = ctypes.sizeof(ctypes.c_void_p) * 3
    for number in range(-5, 257):
        ctypes.memset(id(number) + size, 0x41, 4)
    return 2 * x


def total(x):
    return float(np.sum(x))
