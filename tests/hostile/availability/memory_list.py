# Wants: all the memory of the machine, in pieces.
# Levels: full filtered process
# Verdict: number=out_of_memory values=out_of_memory total=passed chained=passed

import numpy as np

def double(x):
    kept = []
    while True:
        kept.append(np.empty(10**7))


def total(x):
    return float(np.sum(x))
