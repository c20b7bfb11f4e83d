"""A known mistake: what students read of it, and how its author writes that down."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from grader.errors import CourseError

_HINTS: Final = 3  # a question, the place to look, almost the code
_HINT_NUMBER: Final = re.compile(r"^\s*(\d)\.\s+", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something that students are known to get wrong in a lesson."""

    id: str
    effect: str  # a noun phrase that completes "looks like …"
    hints: tuple[str, ...]  # three, from a question to almost the code


def combine_mistakes(mistakes: Sequence[Mistake]) -> Mistake:
    """Several mistakes as one, with the id and the hints of the one to mend first.

    Args:
        mistakes: at least one; the one to mend first comes first.
    """
    return replace(mistakes[0], effect="; and like ".join(mistake.effect for mistake in mistakes))


def parse_mistake(mistake_id: str, docstring: str, where: str) -> Mistake:
    """Read a mistake from the docstring of the code that makes it.

    Args:
        mistake_id: its id.
        docstring: a line that completes "looks like …", then the hints, numbered from 1.
        where: the place of the docstring, for messages.

    Raises:
        CourseError: the first line or a hint is missing.
    """
    effect, *parts = _HINT_NUMBER.split(docstring)
    numbers, hints = parts[::2], tuple(" ".join(part.split()) for part in parts[1::2])
    if not effect.strip() or numbers != [str(n + 1) for n in range(_HINTS)] or not all(hints):
        raise CourseError(
            f"{where}: needs a docstring: a line that completes “looks like …”, "
            "and three steps of hints, `1.`, `2.` and `3.`"
        )
    return Mistake(mistake_id, " ".join(effect.split()), hints)
