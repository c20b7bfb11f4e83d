"""The reference in the place of a student: it runs in the trusted process."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import numpy as np

from grader.sandbox import wire
from grader.sandbox.faults import (
    MissingFunction,
)
from grader.sandbox.replies import Returned
from grader.sandbox.session import encode_call, encode_value

#: Gives another value in the place of a right one: :func:`blur` or :func:`unlike`.
Blur = Callable[[Any], Any]


class ReferenceCallee:
    """The reference in the student's place: what a check must accept if it is sound."""

    def __init__(self, reference: ModuleType, blurred: Blur | None = None) -> None:
        self.reference = reference
        self.blurred = blurred  # what is given in the place of the right values, if not they
        self.calls: list[bytes] = []  # what was called, as a session would send it
        self.functions: list[str] = []  # their names

    def call(self, function: str, *args: object, **kwargs: object) -> Returned:
        """Call the reference; its arguments and value go over the wire as a student's do.

        Raises:
            Unsendable: an argument or the value is not plain.
        """
        solution = getattr(self.reference, function, None)
        if not callable(solution):
            raise MissingFunction("there is no such function")
        request = encode_call(function, args, kwargs)
        self.calls.append(request)
        self.functions.append(function)
        _, _, positional, named = wire.decode(request)
        value = wire.decode(wire.encode(solution(*positional, **named)))
        if self.blurred:
            value = self.blurred(value)
        pairs: list[tuple[int | str, object, object]] = [
            *zip(range(len(args)), args, positional, strict=True),
            *((name, kwargs[name], named[name]) for name in kwargs),
        ]
        changed = tuple(key for key, old, new in pairs if wire.encode(old) != wire.encode(new))
        return Returned(value, changed)

    def value(self, name: str, *keys: str) -> Returned:
        """Read from the reference."""
        self.calls.append(encode_value(name, keys))
        found = getattr(self.reference, name, None)
        for key in keys:
            found = found.get(key) if isinstance(found, dict) else None
        value = wire.decode(wire.encode(found))
        return Returned(self.blurred(value) if self.blurred else value, ())


class Unblurred(Exception):
    """A value of which there is no other to be had: a text, nothing at all."""


def blur(value: Any) -> Any:
    """Another value: of a float, one that no tolerance tells from it; the next whole number.

    Raises:
        Unblurred: it is of another type.
    """
    if isinstance(value, list | tuple):
        return type(value)(blur(part) for part in value)
    kind = value.dtype.kind if isinstance(value, np.ndarray | np.generic) else ""
    if kind in {"f", "c"} or type(value) in {float, complex}:
        return value * (1 + 1e-13) + 1e-300
    if kind in {"i", "u"} or type(value) is int:
        return value + 1
    if kind == "b" or type(value) is bool:
        return value ^ True
    raise Unblurred


def unlike(value: Any) -> Any:
    """A value of the same form in which nothing is where it was: what is rounded shows it, too.

    Raises:
        Unblurred: it is of another type.
    """
    if isinstance(value, list | tuple):
        return type(value)(unlike(part) for part in value)
    if isinstance(value, np.ndarray) and value.dtype.kind in "fciu":
        return np.flip(value) * 3 + 2
    if isinstance(value, np.ndarray | np.generic) or type(value) not in {float, complex, int}:
        return blur(value)
    return value * 3 + 2


class BlurredReference:
    """The reference's functions, with other values than the right ones."""

    def __init__(self, reference: ModuleType, blurred: Blur) -> None:
        self._reference = reference
        self._blurred = blurred

    def __getattr__(self, function: str) -> Any:
        solution = getattr(self._reference, function)
        if not callable(solution):
            return self._blurred(solution)

        def call(*args: object, **kwargs: object) -> Any:
            return self._blurred(solution(*args, **kwargs))

        return call


@contextmanager
def quiet() -> Iterator[None]:
    """Run a reference or a known-wrong version without its warnings: some of it is to overflow."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield
