# Wants: to be waited for: a frame that never ends, one byte at a time.
# Levels: full filtered process
# Verdict: number=timeout values=timeout total=passed chained=passed

import os
import sys
import time

import numpy as np


def serving():
    frame = sys._getframe()
    while frame.f_code.co_name != "respond":
        frame = frame.f_back
    return frame.f_locals


def double(x):
    channel = serving()["replies"]
    os.write(channel, b"\x00\x00\x10\x00")
    while True:
        os.write(channel, b"x")
        time.sleep(0.02)


def total(x):
    return float(np.sum(x))
