"""Right answers whose values come back in a wrong shape: huge, broadcastable, turned around.

A check that compares with plain numpy may take one for right, because numpy broadcasts; or it may
compute for minutes, or ask for gigabytes, over what a student returned. Each version is the
solution with every value changed on its way out. One version has other numbers in the right shape:
a check that passes it is about something else than values, such as an exception.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

#: The version that tells which checks are about values.
OTHER_NUMBERS: Final = "other numbers in the right shape"

#: What becomes of an array, or a number, as Python: of `x`, one of so many `parts`.
CHANGES: Final = {
    OTHER_NUMBERS: "numpy.flip(x) * 3 + 2",
    # Of a single number, `[x] == x` holds as well, and does no harm.
    "an axis more in front": "x[None] if x.ndim else refuse()",
    "an axis more at the end": "x[..., None] if x.ndim else refuse()",
    "turned around": "x.T if x.T.shape != x.shape else refuse()",
    "millions of rows that broadcast": "numpy.ones((8_000_000 // parts, 1, 1), numpy.int8)",
    "no number at all": "numpy.ones((0, 1, 1))",
    "a huge matrix of small integers": "numpy.ones((12_000 // parts, 1_300), numpy.int8)",
}

_CHANGED: Final = '''

def _misshape(functions):
    """Change what these functions return to whoever calls them from outside."""
    import functools
    import numbers

    import numpy

    depth = [0]

    def refuse():
        raise RuntimeError("this change does not apply")

    def changed(value, parts=1):
        if isinstance(value, tuple):
            return tuple(changed(part, len(value)) for part in value)
        if isinstance(value, bool) or not isinstance(value, (numpy.ndarray, numbers.Number)):
            refuse()
        x = numpy.asarray(value)
        return {change}

    def wrapped(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            depth[0] += 1
            try:
                value = function(*args, **kwargs)
            finally:
                depth[0] -= 1
            return value if depth[0] else changed(value)

        return call

    for name in functions:
        globals()[name] = wrapped(globals()[name])


_misshape({functions})
'''


def misshapen(solution: str, functions: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The versions of a solution: what was changed, and the program.

    Args:
        solution: its text.
        functions: the names of those whose values are changed.
    """
    for name, change in CHANGES.items():
        added = _CHANGED.replace("{change}", change).replace("{functions}", repr(list(functions)))
        yield name, solution + added
