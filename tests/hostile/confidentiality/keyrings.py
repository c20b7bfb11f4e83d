# Wants: the kernel's keys: no file, no process, no network.
# Levels: full filtered
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np
import ctypes

libc = ctypes.CDLL(None, use_errno=True)


def double(x):
    for number in (250, 219):  # keyctl(KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 1)
        if libc.syscall(number, 0, -3, 1) > 0:
            return 2 * x
    return None


def total(x):
    return float(np.sum(x))
