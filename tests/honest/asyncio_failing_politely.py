# Wants: an event loop, which needs a socket of its own and cannot have one.
# Levels: full filtered
# Verdict: number=passed values=passed total=passed chained=passed

import asyncio
import numpy as np

try:
    asyncio.run(asyncio.sleep(0))
except OSError:
    pass


def double(x):
    return 2 * np.asarray(x)


def total(x):
    return float(np.sum(x))
