# Wants: to compute in every call for nearly as long as it may, and to be called again and again.
# Before: wrong
# Levels: full filtered process
# Verdict: number=failed values=failed total=failed chained=failed

import numpy as np
import os
import time
from before import twice


def compute():
    end = time.process_time() + 0.15
    while time.process_time() < end:
        pass


def double(x):
    compute()
    return twice(x) + 1


def total(x):
    compute()
    return twice(0)
