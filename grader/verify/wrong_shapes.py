"""Versions of a solution that return their values in a wrong shape.

numpy broadcasts, so a check may pass a value of a wrong shape; or it may compute for minutes, or
need gigabytes, with a huge one. In each version, every value that the solution returns is changed
in the same way. One version returns other numbers in the right shape: a check that passes it does
not test values, but an exception, say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

#: The version that shows which checks test values.
OTHER_NUMBERS: Final = "other numbers in the right shape"

#: The changes, as Python expressions. `x` is an array or a number, one of `parts` that come back.
CHANGES: Final = {
    OTHER_NUMBERS: "numpy.flip(x) * 3 + 2",
    # Not for a single number: there `[x] == x` is true as well, and does no harm.
    "an axis more in front": "x[None] if x.ndim else refuse()",
    "an axis more at the end": "x[..., None] if x.ndim else refuse()",
    "turned around": "x.T if x.T.shape != x.shape else refuse()",
    "millions of rows that broadcast": "numpy.ones((8_000_000 // parts, 1, 1), numpy.int8)",
    "no number at all": "numpy.ones((0, 1, 1))",
    "a huge matrix of small integers": "numpy.ones((12_000 // parts, 1_300), numpy.int8)",
}

_CHANGED: Final = '''

def _change_values(functions):
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


_change_values({functions})
'''


def wrong_shape_versions(solution: str, functions: Sequence[str]) -> Iterator[tuple[str, str]]:
    """All versions of a solution, as pairs of a change's name and the program.

    Args:
        solution: its text.
        functions: the names of the functions whose values are changed.
    """
    for name, change in CHANGES.items():
        added = _CHANGED.replace("{change}", change).replace("{functions}", repr(list(functions)))
        yield name, solution + added
