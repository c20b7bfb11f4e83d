# Wants: to become a program that shows files, with its channel for an output.
# Levels: full filtered
# Verdict: number=failed values=failed total=passed chained=passed
# Says: PermissionError

import numpy as np
import os


def double(x):
    os.execv("/bin/echo", ["echo", "hello"])


def total(x):
    return float(np.sum(x))
