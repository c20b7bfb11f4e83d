# Wants: to fill the process table with threads, of which each takes next to nothing.
# Levels: full filtered process
# Not held for root at: process
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np
import threading
import time


def double(x):
    threading.stack_size(32768)
    count = 0
    try:
        while count < 400:
            threading.Thread(target=time.sleep, args=(5,), daemon=True).start()
            count += 1
    except (RuntimeError, MemoryError):
        return None
    return 2 * x


def total(x):
    return float(np.sum(x))
