# Wants: memory that outlives its process: SysV and POSIX.
# Levels: full filtered
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np
import ctypes
import os
import platform

libc = ctypes.CDLL(None, use_errno=True)
KEY = @KEY@
CALLS = [194, 190, 186] if platform.machine() == "aarch64" else [29, 64, 68]


def double(x):
    worked = [libc.syscall(number, KEY, *rest) for number, rest in
              zip(CALLS, [(4096, 0o1600), (1, 0o1600), (0o1600,)])]
    if max(worked) >= 0:
        return 2 * x
    try:
        with open("/dev/shm/planted-@WORD@", "w"):
            return 2 * x
    except OSError:
        return None


def total(x):
    return float(np.sum(x))
