# Wants: to break the worker's own code through the builtins it uses.
# Levels: full filtered process
# Verdict: number=crashed values=crashed total=passed chained=passed

import numpy as np
import builtins
real = builtins.type


def double(x):
    for name in ("len", "type", "str", "tuple", "zip", "vars", "callable", "memoryview"):
        setattr(builtins, name, lambda *args, **kwargs: 42)
    return 42.5


def total(x):
    return float(np.sum(x))
