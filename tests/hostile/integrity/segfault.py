# Wants: to read the address 0.
# Levels: full filtered process
# Verdict: number=crashed values=crashed total=passed chained=passed
# Says: the program was ended by signal 11

import numpy as np
import ctypes


def double(x):
    return ctypes.string_at(0)


def total(x):
    return float(np.sum(x))
