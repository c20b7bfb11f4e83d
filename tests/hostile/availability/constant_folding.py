# Wants: to have the compiler compute something enormous.
# Levels: full filtered process
# Verdict: number=out_of_memory values=out_of_memory total=passed chained=passed

import numpy as np

def double(x):
    text = ((("a" * 4096) * 4096) * 4096)[:0]
    return (((2**64) ** 64) ** 64) ** 64 and 7 ** 7 ** 2 and text or 0


def total(x):
    return float(np.sum(x))
