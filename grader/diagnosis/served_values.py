"""Serves values of the reference to a student's program, call by call, but never our code.

If a lesson uses an earlier one that lost marks, it is loaded with functions that ask before they
compute (:mod:`grader.sandbox.inside.questions`). That is so in its first run already, so its
program cannot tell whether it is followed through. This module has the answers.
"""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any, Final

import numpy as np

from grader.checks.reference import quiet
from grader.diagnosis.recorded_numbers import Key, Numbers, numbers_in
from grader.sandbox import wire
from grader.sandbox.replies import Question

_OWN: Final = wire.encode(("own",))
_ALL_OWN: Final = wire.encode(("all own",))
_MOST_NUMBERS: Final = 4_096  # in the arguments of a question that may hold any
_LARGEST_WHOLE: Final = 100  # it may be the number of rounds of a loop


class OwnValues:
    """Answers the first question that the student's own functions compute all values."""

    def __init__(self, asking: Mapping[str, Sequence[str]]) -> None:
        """Prepare, with the functions that ask, by lesson."""
        self.asking = asking

    def begin(self, check: str) -> None:
        """Do nothing: no answer depends on the check."""

    def answer(self, question: Question) -> bytes:
        """Return the same answer to every question."""
        return _ALL_OWN


class ServedValues(OwnValues):
    """Answers with the reference's value, if a question may be answered."""

    def __init__(
        self,
        asking: Mapping[str, Sequence[str]],
        references: Mapping[str, ModuleType],
        numbers: Mapping[str, Mapping[Key, Numbers]] | None,
    ) -> None:
        """Prepare.

        Args:
            asking: the functions that ask, by lesson.
            references: the solution of each lesson, by id.
            numbers: the numbers for which values are served, by check. With None, values are
                served for any numbers, if they are not too many. No mark may depend on that run.
        """
        super().__init__(asking)
        self._references = references
        self._numbers = numbers
        self._check = ""

    def begin(self, check: str) -> None:
        """Begin a check, to which the next questions belong."""
        self._check = check

    def answer(self, question: Question) -> bytes:
        """Answer with the reference's value or exception, or with the student's own function."""
        if question.function not in self.asking.get(question.lesson, ()):
            return _OWN
        if not all(type(name) is str for name in question.kwargs) or not self._may_know(question):
            return _OWN
        function = getattr(self._references[question.lesson], question.function)
        try:
            with quiet():
                return wire.encode(("value", function(*question.args, **question.kwargs)))
        except (wire.Unsendable, MemoryError):
            return _OWN
        except Exception as error:  # noqa: BLE001  (the reference refuses these arguments)
            return wire.encode(("raise", _builtin_name(error)))

    def _may_know(self, question: Question) -> bool:
        args, kwargs = question.args, question.kwargs
        if self._numbers is not None:
            recorded = self._numbers.get(self._check, {}).get((question.lesson, question.function))
            return recorded is not None and recorded.lead_to(args, kwargs)
        given: list[Any] = [*args, *kwargs.values()]
        whole = [int(value) for value in given if isinstance(value, int | np.integer)]
        try:
            size = sum(array.size for array in numbers_in(given))
        except TypeError:
            return False
        return size <= _MOST_NUMBERS and all(abs(value) <= _LARGEST_WHOLE for value in whole)


def _builtin_name(error: Exception) -> str:
    names = (kind.__name__ for kind in type(error).__mro__ if kind in vars(builtins).values())
    return next(names)
