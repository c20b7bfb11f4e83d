# Wants: one call of numpy that takes hours.
# Levels: full filtered process
# Verdict: number=timeout values=timeout total=passed chained=passed

import numpy as np

def double(x):
    a = np.ones((1500, 1500))
    while True:
        a = a @ a * 1e-3


def total(x):
    return float(np.sum(x))
