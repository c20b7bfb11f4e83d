# Wants: to keep the reader busy with dict keys that all collide.
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
    wire, worker = sys.modules["grader.sandbox.wire"], serving()
    modulus = (1 << 61) - 1  # hash(n * modulus) is 0 for every n
    keys = b"".join(wire.encode(n * modulus) + b"N" for n in range(1, 5_000))
    value = b"d" + (4_999).to_bytes(4, "big") + keys
    reply = b"t\x00\x00\x00\x03" + wire.encode("ok") + value + wire.encode([])
    data = wire.frame(worker["token"] + reply)
    while data:
        data = data[os.write(worker["replies"], data):]
    os._exit(0)


def total(x):
    return float(np.sum(x))
