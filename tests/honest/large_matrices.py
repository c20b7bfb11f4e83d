# Wants: products large enough for BLAS to want threads.
# Levels: full filtered process
# Verdict: number=passed values=passed total=passed chained=passed

import threading
import numpy as np

a = np.ones((400, 400))
assert (a @ a)[0, 0] == 400
results = []
threads = [threading.Thread(target=lambda: results.append((a @ a).sum())) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert results == [400.0**3] * 4


def double(x):
    return 2 * np.asarray(x)


def total(x):
    return float(np.sum(x))
