"""The ids of a person in other systems: numbers or words, each of a kind.

Two ids are compared only if they are of the same kind: Moodle's participant 12 is not Canvas's user
12.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from grader.submissions.collected_file import CollectedStudent


class Kind(StrEnum):
    """The kinds of ids."""

    CANVAS = "canvas"  # Canvas's number of a user
    STUDENT_ID = "student id"  # of the school: a SID, a matriculation number
    PARTICIPANT = "participant"  # Moodle's, another one in each assignment
    LOGIN = "login"
    EMAIL = "email"
    FOLDER = "folder"  # the name of the submissions folder
    UNKNOWN = "unknown"  # could be of any kind but a participant's


#: The kinds of which a person has one alone: two different ones are two people.
UNIQUE = (Kind.CANVAS, Kind.STUDENT_ID, Kind.PARTICIPANT)

#: What a spreadsheet adds to a number, or takes away from it.
_AROUND_NUMBERS = re.compile(r"^['\u2019#]|\.0+$")
_LONGEST = 300  # characters that are looked at


@dataclass(frozen=True, slots=True)
class Id:
    """One id of a person, in any case."""

    kind: Kind
    value: str

    @property
    def spelling(self) -> str:
        """The id as it is compared: ``#0031`` and ``31.0`` are the number 31."""
        plain = unicodedata.normalize("NFKC", self.value[:_LONGEST]).casefold()
        plain = "".join(
            character for character in plain if character.isprintable() and not character.isspace()
        )
        number = _AROUND_NUMBERS.sub("", plain)
        return number.lstrip("0") or "0" if _is_number(number) else plain

    @property
    def is_number(self) -> bool:
        """Whether it is a number, however it is written."""
        return _is_number(self.spelling)

    def is_same(self, other: Id) -> bool:
        """Whether the ids could be of one kind and are equal."""
        return self._could_be_of_the_kind_of(other) and (self.spelling == other.spelling)

    def _could_be_of_the_kind_of(self, other: Id) -> bool:
        kinds = {self.kind, other.kind}
        if Kind.PARTICIPANT in kinds:
            return len(kinds) == 1
        return len(kinds) == 1 or Kind.UNKNOWN in kinds or not kinds & {*UNIQUE}


def disagree(ours: Collection[Id], theirs: Collection[Id]) -> tuple[Id, Id] | None:
    """Two ids, one of each, which show that these are two people; None if there are none."""
    for kind in (*UNIQUE, Kind.LOGIN):
        # A person may have several logins, but only one that is a number.
        mine, others = (
            [id_ for id_ in ids if id_.kind is kind and (kind is not Kind.LOGIN or id_.is_number)]
            for ids in (ours, theirs)
        )
        if mine and others and not any(a.is_same(b) for a in mine for b in others):
            return mine[0], others[0]
    return None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def remember_ids(student: CollectedStudent, ids: Iterable[Id]) -> None:
    """Add ids to what is kept of a student, without numbers of a single assignment."""
    kinds = dict(student.kinds)
    kinds |= {
        id_.value.casefold(): id_.kind.value for id_ in ids if id_.kind is not Kind.PARTICIPANT
    }
    student.kinds = {id_: kind for id_, kind in kinds.items() if kind != Kind.UNKNOWN}
    student.ids = sorted({*student.ids, *kinds})


def kept_ids(student: CollectedStudent) -> list[Id]:
    """The ids that were kept of a student."""
    every_kind = {kind.value for kind in Kind}
    kinds = {id_: Kind(kind) for id_, kind in student.kinds.items() if kind in every_kind}
    return [Id(kinds.get(value, Kind.UNKNOWN), value) for value in student.ids]
