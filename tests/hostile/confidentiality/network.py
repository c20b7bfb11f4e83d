# Wants: to send what it has to a machine, or a server on this one.
# Levels: full filtered
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np
import socket


def double(x):
    for family, place in ((socket.AF_INET, ("127.0.0.1", @PORT@)),
                          (socket.AF_INET6, ("::1", @PORT@)),
                          (socket.AF_INET, ("192.0.2.1", 80))):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            try:
                with socket.socket(family, kind) as channel:
                    channel.settimeout(0.1)
                    channel.connect(place)
                    channel.send(b"@WORD@" + repr(x).encode())
            except OSError:
                continue
            return 2 * x
    return None


def total(x):
    return float(np.sum(x))
