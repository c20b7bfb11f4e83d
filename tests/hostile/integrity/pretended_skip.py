# Wants: to be skipped: an exception that looks like pytest's own.
# Levels: full filtered process
# Verdict: number=failed values=failed total=passed chained=passed
# Says: Skipped: not today

import numpy as np

class Skipped(Exception):
    allow_module_level = True
    msg = "not today"


Skipped.__module__ = "_pytest.outcomes"


def double(x):
    raise Skipped("not today")


def total(x):
    return float(np.sum(x))
