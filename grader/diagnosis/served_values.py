"""Values of the reference for a student's program, call by call; no code of ours is ever lent.

A lesson that rests on an earlier one which lost marks is loaded with functions that ask before they
compute (:mod:`grader.sandbox.inside.questions`), in its first run already: so its program cannot
tell whether it is followed through. Here stands what they are answered.
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
_MOST_NUMBERS: Final = 4_096  # in the arguments of a question that may hold any
_LARGEST_WHOLE: Final = 100  # it may be the number of rounds of a loop


class OwnValues:
    """Answers that the student's own functions have to do: what a first run gets."""

    depend_on_check = False

    def __init__(self, asking: Mapping[str, Sequence[str]]) -> None:
        """Take the functions that ask, by lesson."""
        self.asking = asking

    def begin(self, check: str) -> None:
        """No answer depends on the check."""

    def answer(self, question: Question) -> bytes:
        """The same for every question."""
        return _OWN


class ServedValues(OwnValues):
    """Answers with the reference's values where a question may be answered."""

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
            numbers: those that each check leads to, the only ones that are served; with None, any
                are, if there are not too many: where no mark depends on what comes of it.
        """
        super().__init__(asking)
        self._references = references
        self._numbers = numbers
        self._check = ""
        self.depend_on_check = numbers is not None

    def begin(self, check: str) -> None:
        """The questions from now on are put in this check."""
        self._check = check

    def answer(self, question: Question) -> bytes:
        """The reference's value, or what it raises; else that the student's function has to do."""
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
            known = self._numbers.get(self._check, {}).get((question.lesson, question.function))
            return known is not None and known.lead_to(args, kwargs)
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
