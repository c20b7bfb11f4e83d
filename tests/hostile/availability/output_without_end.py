# Wants: the same for ever, to keep the reader busy.
# Levels: full filtered process
# Verdict: number=timeout values=timeout total=passed chained=passed

import numpy as np
import os


def double(x):
    while True:
        os.write(2, b"flood " * 10_000)


def total(x):
    return float(np.sum(x))
