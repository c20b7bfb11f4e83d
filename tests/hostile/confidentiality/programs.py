# Wants: another program, which no filter of Python's could watch.
# Levels: full filtered
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np
import os
import subprocess


def double(x):
    for act in (
        lambda: subprocess.run(["/bin/cat", "@SECRET@"], capture_output=True, check=True).stdout,
        lambda: os.popen("cat @SECRET@").read() or None,
        lambda: os.posix_spawn("/bin/true", ["true"], {}),
        lambda: os.system("true") == 0 or None,
    ):
        try:
            found = act()
        except OSError:
            continue
        if found is not None:
            raise ValueError(found)
    return None


def total(x):
    return float(np.sum(x))
