# Wants: a socket of a family that filters forget.
# Levels: full filtered
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np
import socket

FAMILIES = [16, 17, 38, 40, 29, 31, 44, 21, 2, 10, 1]  # netlink, packet, alg, vsock, can, …


def double(x):
    for family in FAMILIES:
        for kind in (1, 2, 3, 5):
            try:
                socket.socket(family, kind).close()
            except OSError:
                continue
            return 2 * x
    return None


def total(x):
    return float(np.sum(x))
