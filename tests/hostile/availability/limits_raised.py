# Wants: to raise its own limits.
# Levels: full filtered process
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np
import resource


def double(x):
    for name in ("AS", "CPU", "NOFILE", "FSIZE", "CORE", "MEMLOCK"):
        which = getattr(resource, f"RLIMIT_{name}")
        soft, hard = resource.getrlimit(which)
        try:
            resource.setrlimit(which, (hard + 1, hard + 1))
        except (OSError, ValueError):
            continue
        return 2 * x
    return None


def total(x):
    return float(np.sum(x))
