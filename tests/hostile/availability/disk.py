# Wants: to fill the disk. (Stops at 64 MB.)
# Levels: full
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np

def double(x):
    for number in range(64):
        with open(f"planted-{number}", "wb", 0) as file:
            written = file.write(bytes(1 << 20))
        if written < 1 << 20:
            return None
    return 2 * x


def total(x):
    return float(np.sum(x))
