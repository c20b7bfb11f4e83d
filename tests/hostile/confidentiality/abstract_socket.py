# Wants: to reach a service by a socket that has no file, where sockets could be made.
# Levels: full filtered
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np
import socket


def double(x):
    try:
        with socket.socket(socket.AF_UNIX) as channel:
            channel.connect("\0@ABSTRACT@")
            channel.send(b"@WORD@")
    except OSError:
        return None
    return 2 * x


def total(x):
    return float(np.sum(x))
