"""The reference instead of a student's program. It runs in the trusted process."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from grader.sandbox import wire
from grader.sandbox.data_folder import beside_data
from grader.sandbox.faults import MissingFunction
from grader.sandbox.held_objects import HeldObjects
from grader.sandbox.inside.plain_values import make_plain
from grader.sandbox.kinds import name_parts, own_value
from grader.sandbox.replies import ProgramRun, Returned
from grader.sandbox.sent_values import Unusual, copy_sent, copy_usual, is_surely_same
from grader.sandbox.source_text import find_source


class ReferenceCallee:
    """Runs the functions of the reference, which a sound check must accept.

    Args:
        reference: whose functions are called.
        altered: whether to return wrong values.
        keeps_calls: whether to note what is called. A version that is called only to see what it
            does gets a hundred thousand calls; to encode them would take as long as to make them.
    """

    def __init__(
        self, reference: ModuleType, *, altered: bool = False, keeps_calls: bool = False
    ) -> None:
        self._reference = reference
        self._altered = altered
        self._keeps_calls = keeps_calls
        self.held = HeldObjects()
        self.workers = 0
        self.calls: list[bytes] = []  # what was called, as a session would send it; if kept
        self.functions: list[str] = []  # their names
        self._ends_early = False  # for the present check

    def call(self, function: str, *args: object, **kwargs: object) -> Returned:
        """Call a function. Its arguments and its value are encoded and decoded, as a student's are.

        Raises:
            Unsendable: an argument or the value is not plain.
        """
        self._refuse_if_it_ends_early()
        solution = getattr(self._reference, function, None)
        if not callable(solution):
            raise MissingFunction("there is no such function")
        if self._keeps_calls:
            self.calls.append(wire.encode_call(function, args, kwargs))
            self.functions.append(function)
        positional, named = self._as_received(function, args, kwargs)
        with beside_data(self._reference):
            value = _as_sent(solution(*positional, **named))
        if self._altered:
            value = alter(value)
        if is_surely_same([*args, *kwargs.values()], [*positional, *named.values()]):
            return Returned(value, (), {})
        request = wire.encode_call(function, args, kwargs)
        if _is_unchanged(request, function, positional, named):
            return Returned(value, (), {})
        args_before, kwargs_before = self._decoded(request)
        pairs: list[tuple[int | str, Any, Any]] = [
            *zip(range(len(args)), args_before, positional, strict=True),
            *((name, kwargs_before[name], named[name]) for name in kwargs),
        ]
        after = {
            key: _as_sent(new)
            for key, old, new in pairs
            if wire.encode(name_parts(old)) != wire.encode(name_parts(new))
        }
        return Returned(value, tuple(after), after)

    def _as_received(
        self, function: str, args: Sequence[object], kwargs: Mapping[str, object]
    ) -> tuple[list[Any], dict[str, Any]]:
        """The arguments as a student's function gets them, so the caller's own stay as they are.

        Args:
            function: what is called.
            args: its arguments.
            kwargs: its keyword arguments.
        """
        given = [*args, *kwargs.values()]
        try:
            received = copy_usual(given)
        except Unusual:
            request = wire.encode_call(function, args, kwargs)  # or it cannot be sent
            try:
                received = copy_sent(given)
            except Unusual:
                return self._decoded(request)
        named = zip(kwargs, received[len(args) :], strict=True)
        return received[: len(args)], dict(named)

    def _decoded(self, request: bytes) -> tuple[list[Any], dict[str, Any]]:
        """The arguments of an encoded call."""
        own = partial(own_value, names=vars(self._reference))
        _, _, positional, named = wire.decode(request, rebuild=own)
        return positional, named

    def use(
        self, operation: str, args: Sequence[object], kwargs: Mapping[str, object], key: str
    ) -> Returned:
        """Refuse: objects are given out by the sandbox alone."""
        raise wire.Unsendable("an object")

    def look_up(self, name: str) -> Returned:
        """Refuse, too."""
        raise wire.Unsendable("an object")

    def run(self, stdin: str, args: Sequence[str], files: Mapping[str, str | bytes]) -> ProgramRun:
        """Refuse: a program runs in a process of its own alone."""
        raise wire.Unsendable("a program")

    def value_after(self, cell: int | str, name: str, *keys: str) -> Returned:
        """Refuse: cells run one after the other in the sandbox alone."""
        raise wire.Unsendable("a value after a cell")

    def stand_after(self, cell: int | str | None) -> None:
        """If a check wants the program up to a cell, refuse all that it asks for."""
        self._ends_early = cell is not None

    def _refuse_if_it_ends_early(self) -> None:
        if self._ends_early:
            raise wire.Unsendable("a program after a cell")

    def source(self, name: str) -> str:
        """The text of a function of the reference, as a session has it of a student's."""
        path = str(self._reference.__file__)
        return find_source(Path(path).read_text("utf-8"), name)

    def value(self, name: str, *keys: str) -> Returned:
        """Read a value of the reference."""
        self._refuse_if_it_ends_early()
        if self._keeps_calls:
            self.calls.append(wire.encode_value(name, keys))
        attribute = getattr(self._reference, name, None)
        for key in keys:
            attribute = attribute.get(key) if isinstance(attribute, dict) else None
        value = _as_sent(attribute)
        return Returned(alter(value) if self._altered else value, ())


def _as_sent(value: object) -> Any:
    """A value of the reference in the form that a check gets of a student's."""
    try:
        return copy_usual(value)
    except Unusual:
        pass
    try:
        return wire.decode(wire.encode(value))
    except wire.Foreign:
        return wire.decode(wire.encode(make_plain(value)))


def _is_unchanged(
    request: bytes, function: str, args: Sequence[object], kwargs: Mapping[str, object]
) -> bool:
    """Whether arguments are still what they were when the call was encoded."""
    try:
        return wire.encode_call(function, args, kwargs) == request
    except wire.Unsendable:
        return False


class Unalterable(Exception):
    """There is no other value of the same form: it is a text, or None."""


def alter(value: Any) -> Any:
    """A value of the same form in which every number is another one, also if it is rounded.

    Raises:
        Unalterable: it is of another type.
    """
    if isinstance(value, list | tuple):
        return (list if isinstance(value, list) else tuple)(alter(part) for part in value)
    kind = value.dtype.kind if isinstance(value, np.ndarray | np.generic) else ""
    if isinstance(value, np.ndarray) and kind in "fciu":
        return np.flip(value) * 3 + 2
    if kind == "b" or type(value) is bool:
        return value ^ True
    if kind in {"f", "c", "i", "u"} or type(value) in {float, complex, int}:
        return value * 3 + 2
    raise Unalterable


class AlteredReference:
    """The reference with altered values, as the value of the fixture `reference`."""

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
    """Compute without warnings in this block: some values overflow, which is no news for anybody.

    For the reference, known-wrong versions and checks; a student's program warns the student.
    """
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield
