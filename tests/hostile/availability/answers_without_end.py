# Wants: to fill the grader's memory with answers that nobody asked for.
# Levels: full filtered process
# Verdict: number=crashed values=crashed total=passed chained=passed

import numpy as np
import os


def double(x):
    while True:
        os.write(3, b"\x00\x0f\xff\xff" + bytes(0xFFFFF))


def total(x):
    return float(np.sum(x))
