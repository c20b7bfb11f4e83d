# Wants: to fill a disk of the host. (Stops at 1 MB.)
# Levels: full filtered
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np

def double(x):
    for folder in ("/tmp", "/var/tmp", "/dev/shm", "/run", "@OUT@", "@SUBMISSIONS@"):
        try:
            with open(f"{folder}/planted-@WORD@", "wb") as file:
                file.write(bytes(1 << 20))
        except OSError:
            continue
        return 2 * x
    return None


def total(x):
    return float(np.sum(x))
