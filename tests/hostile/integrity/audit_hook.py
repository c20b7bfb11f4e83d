# Wants: to refuse the worker everything that Python announces to audit hooks.
# Levels: full filtered process
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np
import sys


def refuse(event, arguments):
    raise RuntimeError("no")


def double(x):
    sys.addaudithook(refuse)
    return 0


def total(x):
    return float(np.sum(x))
