# Wants: to answer at once, and compute on behind the grader's back.
# Levels: full filtered process
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np
import threading


def compute():
    while True:
        pass


def double(x):
    threading.Thread(target=compute, daemon=True).start()
    return None


def total(x):
    return float(np.sum(x))
