# %% [markdown]
# # What the next lesson finds

# %%
import builtins
import fcntl
import gc
import math
import os
import random
import resource
import signal
import sys
import threading

import numpy as np


def anomalies():
    """Name all that an earlier program left behind in this process, and on this machine."""
    try:
        files = os.listdir(".")
    except PermissionError:  # no folder of its own, and none that it could see
        files = []
    found = {
        "a file": any(name.startswith(("planted", "after")) for name in files),
        "a variable": "PLANTED" in os.environ,
        "a builtin": hasattr(builtins, "planted") or builtins.sum([1, 2]) != 3,
        "a module": "planted" in sys.modules or "planted" in sys.path,
        "an object": any("planted" == getattr(thing, "__name__", "") for thing in gc.get_objects()),
        "other numpy": hasattr(np, "planted") or np.exp(0.0) != 1 or np.add(1, 1) != 2,
        "other random numbers": random.random() != random.Random(0).random(),
        "other numpy random numbers": np.random.rand() != np.random.RandomState(0).rand(),
        "other settings": np.geterr()["divide"] != "warn"
        or np.get_printoptions()["precision"] != 8
        or sys.getrecursionlimit() != 1000,
        "a thread": any("listen" not in thread.name for thread in threading.enumerate()[1:]),
        "a trace function": sys.gettrace() is not None,
        "a signal handler": signal.getsignal(signal.SIGTERM) != signal.SIG_DFL,
        "a timer": signal.getitimer(signal.ITIMER_REAL)[0] != 0,
        "other flags of its input": fcntl.fcntl(0, fcntl.F_GETFL) & (os.O_APPEND | os.O_NONBLOCK),
        "a lower limit": resource.getrlimit(resource.RLIMIT_NOFILE)[0] <= 20,
    }
    return [name for name, is_there in found.items() if is_there]


def mean(x):
    """The mean of all of x."""
    return math.fsum(np.ravel(x)) / np.size(x)
