# Wants: to fill the disk with a file that has no name. (Stops at 64 MB.)
# Levels: full filtered process
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np
import tempfile


def double(x):
    with tempfile.TemporaryFile(buffering=0) as file:
        for _ in range(64):
            if file.write(bytes(1 << 20)) < 1 << 20:
                return None
    return 2 * x


def total(x):
    return float(np.sum(x))
