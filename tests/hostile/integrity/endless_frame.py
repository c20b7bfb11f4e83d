# Wants: to promise four gigabytes and have them waited for.
# Levels: full filtered process
# Verdict: number=crashed values=crashed total=passed chained=passed
# Says: it wrote over its own answer

import numpy as np
import os


def double(x):
    os.write(3, b"\xff\xff\xff\xff" + bytes(1000))
    return 0


def total(x):
    return float(np.sum(x))
