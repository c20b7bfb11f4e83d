# Wants: address space without end, none of it used.
# Levels: full filtered process
# Verdict: number=failed values=failed total=passed chained=passed
# Says: got        OSError

import numpy as np
import mmap


def double(x):
    kept = [mmap.mmap(-1, 1 << 28) for _ in range(64)]
    return 2 * x if kept else None


def total(x):
    return float(np.sum(x))
