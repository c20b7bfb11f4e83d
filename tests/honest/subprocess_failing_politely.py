# Wants: what is not there fails as Python's own errors, which a program can catch.
# Levels: full filtered
# Verdict: number=passed values=passed total=passed chained=passed

import os
import socket
import subprocess
import urllib.request
import numpy as np

for act in (lambda: subprocess.run(["ls"]), lambda: open("/etc/passwd"), lambda: socket.socket(),
            lambda: urllib.request.urlopen("http://localhost/", timeout=1), lambda: os.fork(),
            lambda: os.kill(1, 0), lambda: os.listdir("/home"), lambda: os.system("ls") and 1 / 0):
    try:
        act()
    except (OSError, ZeroDivisionError):
        continue
    raise AssertionError("this worked")


def double(x):
    return 2 * np.asarray(x)


def total(x):
    return float(np.sum(x))
