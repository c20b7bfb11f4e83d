# Wants: numpy's own table of functions changed, below Python: exp becomes log.
# Levels: full filtered process
# Verdict: number=failed values=failed total=passed chained=passed

import ctypes
import numpy as np

WORDS = 8  # of a ufunc object, where its pointers lie: one of them leads to its loops
exp, log = ((ctypes.c_size_t * WORDS).from_address(id(function)) for function in (np.exp, np.log))
for word in range(2, WORDS):
    exp[word] = log[word]


def double(x):
    return np.log(np.exp(x)) * 2 if np.exp(0) == 1 else None


def total(x):
    return float(np.sum(x))
