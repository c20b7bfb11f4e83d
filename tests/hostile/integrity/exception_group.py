# Wants: to be reported at length: exceptions in exceptions in exceptions.
# Levels: full filtered process
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np

def double(x):
    error = ValueError("y" * 10**6)
    for _ in range(50):
        error = ExceptionGroup("x" * 1000, [error, error])
    raise error


def total(x):
    return float(np.sum(x))
