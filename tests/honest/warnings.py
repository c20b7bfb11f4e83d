# Wants: code that warns: division by zero, overflow, its own.
# Levels: full filtered process
# Verdict: number=passed values=passed total=passed chained=passed

import warnings
import numpy as np


def double(x):
    warnings.warn("slow", DeprecationWarning, stacklevel=2)
    np.array([1.0]) / np.array([0.0])
    np.exp(np.array([1000.0]))
    with np.errstate(all="ignore"):
        np.log(np.array([-1.0]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return 2 * np.asarray(x)


def total(x):
    return float(np.sum(x))
