# Wants: clocks, dates, sleeping a little, measuring oneself.
# Levels: full filtered process
# Verdict: number=passed values=passed total=passed chained=passed

import datetime
import time
import timeit
import numpy as np

start = time.perf_counter()
time.sleep(0.01)
assert time.perf_counter() > start
datetime.datetime.now(), time.strftime("%Y"), time.process_time(), time.localtime()
timeit.timeit("1 + 1", number=10)


def double(x):
    return 2 * np.asarray(x)


def total(x):
    return float(np.sum(x))
