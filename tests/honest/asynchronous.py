# Wants: generators, coroutines, context variables.
# Levels: full filtered process
# Verdict: number=passed values=passed total=passed chained=passed

import contextvars
import numpy as np

factor = contextvars.ContextVar("factor", default=2)


async def multiplied(x):
    return np.multiply(x, factor.get())


def double(x):
    coroutine = multiplied(x)
    try:
        coroutine.send(None)
    except StopIteration as done:
        return done.value


def total(x):
    return float(np.sum(x))
