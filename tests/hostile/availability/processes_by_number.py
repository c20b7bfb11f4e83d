# Wants: a process by the calls that libraries do not offer: fork, vfork, clone, clone3.
# Levels: full filtered
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np
import ctypes
import os
import platform
import signal

libc = ctypes.PyDLL(None)
ARM = platform.machine() == "aarch64"
arguments = (ctypes.c_uint64 * 8)(0, 0, 0, 0, signal.SIGCHLD)
CALLS = [(220, 17, 0, 0, 0, 0)] if ARM else [(57,), (56, 17, 0, 0, 0, 0)]
CALLS += [(435, arguments, 64)]


def double(x):
    worked = 0
    for call in CALLS:
        pid = libc.syscall(*call)
        if pid == 0:
            os._exit(0)
        worked += pid > 0
    return 2 * x if worked else None


def total(x):
    return float(np.sum(x))
