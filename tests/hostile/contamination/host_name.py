# Wants: the machine's name, clock or mounts changed.
# Levels: full filtered
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np
import ctypes
import os
import socket

libc = ctypes.CDLL(None, use_errno=True)


def double(x):
    for act in (lambda: socket.sethostname(os.uname().nodename),
                lambda: os.stat("/") and libc.mount(b"", b"/", None, 1 << 18, None) == 0 or 1 / 0,
                lambda: libc.umount2(b"/planted", 0) == 0 or 1 / 0):
        try:
            act()
        except (OSError, ZeroDivisionError):
            continue
        return 2 * x
    return None


def total(x):
    return float(np.sum(x))
