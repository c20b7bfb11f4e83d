# Wants: a pattern that takes exponential time, with the interpreter's lock held.
# Levels: full filtered process
# Verdict: number=timeout values=timeout total=passed chained=passed

import numpy as np
import re


def double(x):
    return re.match(r"(a+)+$", "a" * 60 + "b")


def total(x):
    return float(np.sum(x))
