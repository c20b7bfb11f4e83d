# Wants: a folder that cannot be swept: nobody may enter it, and it is deep.
# Levels: full
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np
import os

for _ in range(60):
    os.mkdir("planted" * 30)
    os.chdir("planted" * 30)
os.mkdir("planted-locked", 0)


def double(x):
    return None


def total(x):
    return float(np.sum(x))
