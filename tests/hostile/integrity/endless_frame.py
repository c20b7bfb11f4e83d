# Wants: to promise four gigabytes and have them waited for.
# Levels: full filtered process
# Verdict: number=crashed values=crashed total=passed chained=passed
# Says: the program broke the connection

import os
import sys

import numpy as np


def serving():
    frame = sys._getframe()
    while frame.f_code.co_name != "respond":
        frame = frame.f_back
    return frame.f_locals


def double(x):
    os.write(serving()["replies"], b"\xff\xff\xff\xff" + bytes(1000))
    return 0


def total(x):
    return float(np.sum(x))
