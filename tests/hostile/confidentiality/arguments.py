# Wants: the command lines, its own and those of all other processes.
# Levels: full filtered
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np
import glob
import sys

MARK = "-YRANAC"[::-1]


def double(x):
    words = [*sys.argv, *sys.orig_argv]
    for place in glob.glob("/proc/*/cmdline"):
        try:
            with open(place) as file:
                words += file.read().split("\0")
        except OSError:
            pass
    found = [word for word in words if MARK in word]
    print(found)
    raise ValueError(" ".join(found) or "nothing")


def total(x):
    return float(np.sum(x))
