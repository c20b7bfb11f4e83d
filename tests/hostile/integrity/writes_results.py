# Wants: to write its own marks, or its own checks.
# Levels: full filtered
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np

def double(x):
    for place in ("@OUT@/results.json", "@OUT@/planted.json", "@COURSE@/planted.py",
                  "@COURSE@/tests/lessons/hidden/test_target.py", "@SUBMISSIONS@/planted.py"):
        try:
            with open(place, "a"):
                return 2 * x
        except OSError:
            continue
    return None


def total(x):
    return float(np.sum(x))
