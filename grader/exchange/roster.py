"""The roster of a class, and finding a person in it by the ids and names of other systems.

A roster is any CSV file with a line for each person. A Canvas gradebook, a Moodle grading
worksheet, a Gradescope roster and a GitHub Classroom roster are rosters as they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from grader.errors import GraderError
from grader.exchange.columns import find_columns, list_columns, participant_number
from grader.exchange.csv_files import Sheet, cells, read_sheet
from grader.exchange.ids import UNIQUE, Id, Kind, disagree
from grader.text import clean_name

#: What a column holds → the kind of its ids.
_KINDS: Final = {
    "folder": Kind.FOLDER,
    "login": Kind.LOGIN,
    "student-id": Kind.STUDENT_ID,
    "canvas": Kind.CANVAS,
    "id": Kind.UNKNOWN,
    "participant": Kind.PARTICIPANT,
    "email": Kind.EMAIL,
}

#: Rows of a gradebook that are not people.
_NOBODY: Final = ("points possible", "student, test", "test student", "manual posting")

#: How Moodle says in its languages that work came late.
_LATE: Final = re.compile(
    r"\blate\b|verspät|en retard|retraso|ritardo|atras|te laat|opóźn|\bgeç\b|опозд|迟|遅"
    r"|forsinke|försen|zpožd",
    re.IGNORECASE,
)

_LONGEST: Final = 300  # characters of a name that are looked at

NOTHING_CHOSEN: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Person:
    """One line of a roster."""

    folder: str  # the name of the person's submissions folder, and so of the results
    name: str
    ids: frozenset[Id]
    late: bool | None = None  # from a grading worksheet
    submitted: str | None = None  # the time in a grading worksheet, in its words


@dataclass(frozen=True, slots=True)
class Match:
    """A person, and the way in which they were found."""

    person: Person
    by_name: bool  # by the name, which is a good guess; otherwise by an id


class Roster:
    """A class."""

    def __init__(self, people: Collection[Person]) -> None:
        self.people = tuple(people)
        self._by_id: dict[str, list[tuple[Id, Person]]] = {}
        self._by_name: dict[str, list[Person]] = {}
        for person in self.people:
            for id_ in person.ids:
                self._by_id.setdefault(id_.spelling, []).append((id_, person))
            for name in spellings(person.name):
                self._by_name.setdefault(name, []).append(person)

    def with_kinds_of(self, ids: Iterable[Id]) -> Roster:
        """The same class, for people with these ids.

        A roster's column `id` can hold anything. If some of its values are somebody's ids of one
        kind, all are of that kind.
        """
        wanted = {
            id_.kind for id_ in ids for ours, _ in self._same(id_) if ours.kind is Kind.UNKNOWN
        }
        wanted &= {Kind.CANVAS, Kind.STUDENT_ID}
        if len(wanted) != 1:
            return self
        (kind,) = wanted
        return Roster(
            [
                replace(
                    person,
                    ids=frozenset(
                        Id(kind, id_.value) if id_.kind is Kind.UNKNOWN else id_
                        for id_ in person.ids
                    ),
                )
                for person in self.people
            ]
        )

    def find(self, ids: Collection[Id], name: str) -> Match | None:
        """The person with one of these ids, or else with this name; None if there is nobody.

        A name is never enough for a person whose number of the same kind is another one.

        Raises:
            GraderError: several people could be meant, or the name and the ids disagree.
        """
        same = [(own, person) for id_ in ids for own, person in self._same(id_)]
        people = {person: None for _, person in same}
        by_name = not people
        if by_name:
            people = {
                person: None for key in spellings(name) for person in self._by_name.get(key, ())
            }
            namesakes = list(people)
            people = {person: None for person in people if not disagree(ids, person.ids)}
            if namesakes and not people:
                raise GraderError(_other_number(ids, namesakes[0]))
        if len(people) > 1:
            names = ", ".join(clean_name(person.folder) for person in people)
            raise GraderError(f"could be any of {names}; give each a line of their own id")
        if not people:
            return None
        person = next(iter(people))
        if disagree(ids, person.ids):
            raise GraderError(_other_number(ids, person))
        numbers = [own for own, _ in same if own.is_number or own.kind in UNIQUE]
        is_a_name = _squash(name) not in {_squash(number.value) for number in numbers}
        if numbers and len(numbers) == len(same) and is_a_name and _are_two(name, person.name):
            number = numbers[0].value
            raise GraderError(
                f"has the number {clean_name(number)}, which is {clean_name(person.name)}'s; name "
                "and number disagree"
            )
        return Match(person, by_name)

    def _same(self, id_: Id) -> list[tuple[Id, Person]]:
        return [entry for entry in self._by_id.get(id_.spelling, ()) if entry[0].is_same(id_)]


def _other_number(ids: Collection[Id], person: Person) -> str:
    theirs, ours = disagree(ids, person.ids) or (None, None)
    assert theirs, "found by disagree"
    assert ours, "found by disagree"
    return (
        f"could be {clean_name(person.folder)}, but has another number ({theirs.kind} "
        f"{clean_name(theirs.value)}, not {clean_name(ours.value)}); name and number disagree"
    )


def read_roster(path: Path, chosen: Mapping[str, str] = NOTHING_CHOSEN) -> Roster:
    """Read a roster.

    Args:
        path: the file.
        chosen: what a column holds → its heading, where that cannot be found out.

    Raises:
        GraderError: it cannot be read, has no column that names people, or two lines would get
            the same folder.
    """
    return roster_of(read_sheet(path), clean_name(path.name), chosen)


def roster_of(sheet: Sheet, label: str, chosen: Mapping[str, str] = NOTHING_CHOSEN) -> Roster:
    """The people of a table; see :func:`read_roster`."""
    people: list[Person] = []
    lines: dict[str, int] = {}
    for number, person in people_of(sheet, label, chosen):
        key = person.folder.casefold()
        if key in lines:
            raise GraderError(
                f"{label}: lines {lines[key] + 1} and {number + 1} are both "
                f"{clean_name(person.folder)}; give each an id, a login or an email of their own"
            )
        lines[key] = number
        people.append(person)
    return Roster(people)


def people_of(
    sheet: Sheet, label: str, chosen: Mapping[str, str] = NOTHING_CHOSEN
) -> Iterator[tuple[int, Person]]:
    """Each person with the number of their row, without rows that are not people.

    Raises:
        GraderError: no column names people.
    """
    at = find_columns(sheet, chosen)
    if "id" in at and sheet.column("sis user id", "sis login id") is not None:
        at["canvas"] = at.pop("id")
    if not at.keys() & {*_KINDS, "name", "first", "last"}:
        raise GraderError(
            f"{label} has no column that names people. It has: {list_columns(sheet)}. Say which "
            "is which: --columns name=HEADING,email=HEADING"
        )
    for number in range(1, len(sheet.rows)):
        cell = cells(sheet, number, at)
        name = cell.get("name") or f"{cell.get('first', '')} {cell.get('last', '')}".strip()
        if name.casefold() in _NOBODY or not any(cell.values()):
            continue
        if "participant" in cell:
            cell["participant"] = participant_number(cell["participant"]) or cell["participant"]
        ids = {Id(kind, cell[key]) for key, kind in _KINDS.items() if cell.get(key)}
        ids |= {Id(Kind.LOGIN, id_.value.partition("@")[0]) for id_ in ids if "@" in id_.value[1:]}
        status = cell.get("status")
        yield (
            number,
            Person(
                _folder_of(cell, name),
                name,
                frozenset(ids),
                late=bool(_LATE.search(status[:_LONGEST])) if status else None,
                submitted=cell.get("changed") or None,
            ),
        )


def _folder_of(cell: Mapping[str, str], name: str) -> str:
    """The name of a person's folder, which no other person has."""
    for key in ("folder", "login", "email", "student-id"):
        if value := cell.get(key):
            return value.partition("@")[0] or value if value == cell.get("email") else value
    # A number is a bad folder name, but better than the same name twice.
    number = next(
        (spelling for key in ("canvas", "id", "participant") if (spelling := cell.get(key))), ""
    )
    return "-".join(filter(None, (name, number)))


def spellings(name: str) -> set[str]:
    """The ways in which systems write a name: “Doe, Jane”, “Jane Doe”, `doejane`."""
    name = name[:_LONGEST]
    last, comma, first = name.partition(",")
    words = [_squash(word) for word in name.replace(",", " ").split()]
    words = [word for word in words if word]
    if not words:
        return set()
    spelt = {"".join(words), "".join(sorted(words))}
    if comma:
        spelt.add(_squash(first) + _squash(last))
    elif len(words) > 1:
        spelt |= {"".join([*words[i:], *words[:i]]) for i in range(1, len(words))}
    return spelt - {""}


def _are_two(name: str, other: str) -> bool:
    """Whether two names have nothing in common, so that they are two people's.

    Names in different scripts cannot be compared.
    """
    if not spellings(name) or not spellings(other) or spellings(name) & spellings(other):
        return False
    whole, other_whole = _squash(name), _squash(other)
    if whole.isascii() != other_whole.isascii():
        return False
    return not any(
        len(word) > 1 and word in text
        for a, text in ((name, other_whole), (other, whole))
        for word in map(_squash, a.replace(",", " ").split())
    )


def _squash(text: str) -> str:
    """Letters and digits alone, without their accents, in small letters."""
    plain = unicodedata.normalize("NFKD", text[:_LONGEST].casefold())
    return "".join(character for character in plain if character.isalnum())
