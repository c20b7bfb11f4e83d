# Wants: to go on after its end: destructors, exit handlers, threads that nobody waits for.
# Levels: full filtered process
# Verdict: number=failed values=failed total=passed chained=passed

import numpy as np
import atexit
import threading
import time


class Stay:
    def __del__(self):
        while True:
            pass


stay = Stay()
stay.itself = stay


@atexit.register
def never():
    while True:
        pass


def double(x):
    threading.Thread(target=time.sleep, args=(1000,)).start()
    return None


def total(x):
    return float(np.sum(x))
