# Wants: to send what it has as the name of a machine that is looked up.
# Levels: full filtered
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np
import socket


def double(x):
    try:
        socket.getaddrinfo("localhost", 80)
        with socket.create_connection(("localhost", @PORT@), 0.2) as channel:
            channel.send(b"@WORD@")
    except OSError:
        return None
    return 2 * x


def total(x):
    return float(np.sum(x))
