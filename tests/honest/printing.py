# Wants: to print a lot: arrays, tables, progress, to both streams.
# Levels: full filtered process
# Verdict: number=passed values=passed total=passed chained=passed

import logging
import pprint
import sys
import numpy as np

np.set_printoptions(precision=3, suppress=True)
logging.basicConfig(level=logging.DEBUG)
logging.getLogger(__name__).info("loaded")


def double(x):
    print("x =", x, flush=True)
    print(f"{'shape':>10} {np.shape(x)!s:<10} ü → ∑ 🙂")
    pprint.pprint({"x": x}, stream=sys.stderr)
    sys.stdout.write("done\n")
    logging.debug("twice %s", x)
    return 2 * np.asarray(x)


def total(x):
    return float(np.sum(x))
