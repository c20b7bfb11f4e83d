# Wants: to be unpickled: an object whose __reduce__ runs a command.
# Levels: full filtered process
# Verdict: number=failed values=failed total=passed chained=passed
# Says: got        a Payload

import numpy as np
import os


class Payload:
    def __reduce__(self):
        return os.system, ("echo planted >/tmp/planted-@WORD@",)


def double(x):
    return Payload()


def total(x):
    return float(np.sum(x))
