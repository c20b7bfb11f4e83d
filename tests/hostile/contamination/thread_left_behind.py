# Wants: a thread that changes the answers of whoever comes next.
# Levels: full filtered process
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np
import sys
import threading
import time


def wait():
    while True:
        time.sleep(0.001)
        for module in list(sys.modules.values()):
            if hasattr(module, "anomalies"):
                module.double = lambda x: "planted"


threading.Thread(target=wait, daemon=True).start()


def double(x):
    return None


def total(x):
    return float(np.sum(x))
