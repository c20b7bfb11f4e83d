"""What the names of a lesson's reference stand for: values, functions, classes of exceptions."""

from __future__ import annotations

import inspect
from functools import cache
from types import ModuleType
from typing import Final

from grader.sandbox import wire
from grader.sandbox.inside.plain_values import make_plain

ALL: Final = -1  # parameters of a function
_STUB: Final = "__is_stub__"  # in a module's own names


def mark_as_stub(module: ModuleType) -> None:
    """Note in the reference of a student's copy that it is a stub, and lacks answers."""
    vars(module)[_STUB] = True


def is_left_open(reference: ModuleType, name: str) -> bool:
    """Whether a stub does not tell if a name stands for a value or a function."""
    return _STUB in vars(reference) and name not in vars(reference)


def is_error(reference: ModuleType, name: str) -> bool:
    """Whether a name of a lesson stands for a class of exceptions."""
    value = getattr(reference, name, None)
    if value is None:  # a student's copy need not define it
        return name[:1].isupper() and name.endswith(("Error", "Exception", "Warning"))
    return isinstance(value, type) and issubclass(value, BaseException)


def is_value(reference: ModuleType, name: str) -> bool:
    """Whether a name of a lesson stands for a plain value."""
    if name not in vars(reference) or callable(value := vars(reference)[name]):
        return False
    try:
        wire.encode(make_plain(value))
    except wire.Unsendable:
        return False
    return True


@cache
def parameters_of(solution: object, count: int) -> tuple[str, ...]:
    """Names for ``count`` positional arguments: those of the reference's parameters, if any."""
    parameters = tuple(inspect.signature(solution).parameters) if callable(solution) else ()
    if count == ALL:
        return parameters
    return parameters[:count] + tuple(f"argument {n + 1}" for n in range(len(parameters), count))
