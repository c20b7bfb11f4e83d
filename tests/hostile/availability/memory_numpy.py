# Wants: all the memory of the machine, in one piece.
# Levels: full filtered process
# Verdict: number=out_of_memory values=out_of_memory total=passed chained=passed

import numpy as np

def double(x):
    return np.ones(10**11)


def total(x):
    return float(np.sum(x))
