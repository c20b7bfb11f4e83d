# Wants: to look at itself: inspect, ast, traceback, platform, system information.
# Levels: full filtered process
# Verdict: number=passed values=passed total=passed chained=passed

import ast
import getpass
import inspect
import os
import platform
import sys
import traceback
import numpy as np

platform.machine(), sys.version, os.cpu_count(), os.getcwd, sys.getsizeof([])
ast.parse("1 + 1"), inspect.signature(np.dot), np.__version__


def double(x):
    try:
        raise ValueError("caught")
    except ValueError:
        traceback.format_exc()
    return 2 * np.asarray(x)


def total(x):
    return float(np.sum(x))
