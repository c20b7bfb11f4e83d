# Wants: to read the arguments of hidden checks in what is said of a visible one.
# Levels: full filtered process
# Verdict: number=failed values=failed total=failed chained=failed
# Says: got        ValueError

import numpy as np
import sys

from grader.sandbox import wire

seen = []


def look_around():
    """Keep the arguments of calls that are still to come, where a frame holds them."""
    frame = sys._getframe()
    while frame is not None:
        for things in frame.f_locals.values():
            for thing in things if type(things) is list else ():
                if type(thing) is bytes:
                    kind, _, arguments, *_ = wire.decode(thing)
                    seen.extend(arguments if kind == "call" else ())
        frame = frame.f_back


look_around()


def double(x):
    seen.append(x)
    return None


def total(x):
    look_around()
    drawn = [x for x in seen if isinstance(x, np.ndarray)]
    raise ValueError(" ".join(f"{n:.9f}" for x in drawn for n in np.ravel(x)) or "nothing")
