"""The reference in the place of a student. It runs in the trusted process."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import numpy as np

from grader.sandbox import wire
from grader.sandbox.faults import MissingFunction
from grader.sandbox.replies import Returned


class ReferenceCallee:
    """The reference in the student's place: what a check must accept if it is sound.

    Args:
        reference: whose functions are called.
        altered: return other values than the right ones.
    """

    def __init__(self, reference: ModuleType, *, altered: bool = False) -> None:
        self._reference = reference
        self._altered = altered
        self.calls: list[bytes] = []  # what was called, as a session would send it
        self.functions: list[str] = []  # their names

    def call(self, function: str, *args: object, **kwargs: object) -> Returned:
        """Call the reference; its arguments and value go over the wire as a student's do.

        Raises:
            Unsendable: an argument or the value is not plain.
        """
        solution = getattr(self._reference, function, None)
        if not callable(solution):
            raise MissingFunction("there is no such function")
        request = wire.encode_call(function, args, kwargs)
        self.calls.append(request)
        self.functions.append(function)
        _, _, positional, named = wire.decode(request)
        value = wire.decode(wire.encode(solution(*positional, **named)))
        if self._altered:
            value = alter(value)
        pairs: list[tuple[int | str, object, object]] = [
            *zip(range(len(args)), args, positional, strict=True),
            *((name, kwargs[name], named[name]) for name in kwargs),
        ]
        changed = tuple(key for key, old, new in pairs if wire.encode(old) != wire.encode(new))
        return Returned(value, changed)

    def value(self, name: str, *keys: str) -> Returned:
        """Read from the reference."""
        self.calls.append(wire.encode_value(name, keys))
        found = getattr(self._reference, name, None)
        for key in keys:
            found = found.get(key) if isinstance(found, dict) else None
        value = wire.decode(wire.encode(found))
        return Returned(alter(value) if self._altered else value, ())


class Unalterable(Exception):
    """There is no other value to be had: it is a text, or nothing at all."""


def alter(value: Any) -> Any:
    """A value of the same form in which no number is what it was, not even a rounded one.

    Raises:
        Unalterable: it is of another type.
    """
    if isinstance(value, list | tuple):
        return type(value)(alter(part) for part in value)
    kind = value.dtype.kind if isinstance(value, np.ndarray | np.generic) else ""
    if isinstance(value, np.ndarray) and kind in "fciu":
        return np.flip(value) * 3 + 2
    if kind == "b" or type(value) is bool:
        return value ^ True
    if kind in {"f", "c", "i", "u"} or type(value) in {float, complex, int}:
        return value * 3 + 2
    raise Unalterable


class AlteredReference:
    """The reference's functions and values, each altered; stands for the fixture `reference`."""

    def __init__(self, reference: ModuleType) -> None:
        self._reference = reference

    def __getattr__(self, name: str) -> Any:
        right = getattr(self._reference, name)
        if not callable(right):
            return alter(right)

        def call(*args: object, **kwargs: object) -> Any:
            return alter(right(*args, **kwargs))

        return call


@contextmanager
def quiet() -> Iterator[None]:
    """Run a reference or a known-wrong version without warnings: some of them overflow."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield
