"""The list of mutants that are right, so that no check can notice them, with a reason for each.

It is in ``tests/lessons/equivalents.yaml``::

    - lesson: double
      function: double
      because: multiplication and addition do not care about the order of their operands
      changes:
        - return 2 * x → return x + x

A slip in a corner (:mod:`grader.verify.corner_slips`) that is none stands there as well, by its
words: ``corner: zeros where `x` sums to 0``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import msgspec
import yaml

from grader.course import Course, read_text
from grader.errors import CourseError

EQUIVALENTS_FILE: Final = Path("tests", "lessons", "equivalents.yaml")

_Text = Annotated[str, msgspec.Meta(min_length=1)]
_Words = Annotated[str, msgspec.Meta(min_length=10)]


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Changes to one function that are right for the same reason."""

    lesson: _Text
    function: _Text
    because: _Words
    changes: Annotated[tuple[_Text, ...], msgspec.Meta(min_length=1)]


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a solution. It has no line number, because lines move in later edits."""

    lesson: str
    function: str
    change: str  # "was → now", as Mutant.change words it


def load_equivalents(course: Course) -> dict[Change, str]:
    """The changes that leave a solution right, each with the reason; none if there is no list.

    Raises:
        CourseError: the list cannot be read, or names a change or an unknown lesson twice.
    """
    path = course.root / EQUIVALENTS_FILE
    if not path.exists():
        return {}
    where = EQUIVALENTS_FILE.as_posix()
    text = read_text(path, where)
    try:
        entries = msgspec.convert(yaml.safe_load(text) or [], tuple[_Entry, ...])
    except yaml.YAMLError as error:
        raise CourseError(f"{where}: is not proper YAML: {' '.join(str(error).split())}") from None
    except msgspec.ValidationError as error:
        raise CourseError(
            f"{where}: {error}; each entry has `lesson`, `function`, `because` and `changes`"
        ) from None
    reasons: dict[Change, str] = {}
    for entry in entries:
        try:
            course.lesson(entry.lesson)
        except CourseError as error:
            raise CourseError(f"{where}: {error}") from None
        for change in entry.changes:
            key = Change(entry.lesson, entry.function, change)
            if key in reasons:
                raise CourseError(f"{where}: `{change}` of `{entry.function}` stands there twice")
            reasons[key] = entry.because
    return reasons
