# Wants: to be waited for: a frame that never ends, one byte at a time.
# Levels: full filtered process
# Verdict: number=timeout values=timeout total=passed chained=passed

import numpy as np
import os
import time


def double(x):
    os.write(3, b"\x00\x00\x10\x00")
    while True:
        os.write(3, b"x")
        time.sleep(0.02)


def total(x):
    return float(np.sum(x))
