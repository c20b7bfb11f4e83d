"""The roster of a class, and finding a person in it by the ids and names of other systems.

A roster is any CSV file with a line for each person. A Canvas gradebook, a Moodle grading
worksheet and a Gradescope roster are rosters as they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from grader.errors import GraderError
from grader.exchange.csv_files import Sheet, cells, read_sheet
from grader.text import clean_name

#: A property of a person → the columns that may hold it, in small letters.
_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "folder": ("folder", "student_id"),
    "name": ("name", "full name", "student name"),
    "first": ("first name", "given name", "firstname"),
    "last": ("last name", "surname", "family name", "lastname"),
    "id": ("id", "identifier", "sid", "student id", "id number", "userid", "user id"),
    "sis": ("sis user id", "sis id"),
    "login": ("login", "sis login id", "username", "user name"),
    "email": ("email", "email address", "e-mail"),
    "status": ("status",),
    "changed": ("last modified (submission)",),
}

#: Rows of a gradebook that are not people.
_NOBODY: Final = ("points possible", "student, test", "test student", "manual posting")

_PARTICIPANT: Final = re.compile(r"^participant\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Person:
    """One line of a roster."""

    folder: str  # the name of the person's submissions folder, and so of the results
    name: str
    ids: frozenset[str]  # every id of this person, in small letters
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
        self._by_id: dict[str, list[Person]] = {}
        self._by_name: dict[str, list[Person]] = {}
        for person in self.people:
            for id_ in person.ids:
                self._by_id.setdefault(id_, []).append(person)
            for name in spellings(person.name):
                self._by_name.setdefault(name, []).append(person)

    def find(self, ids: Collection[str], name: str) -> Match | None:
        """The person with one of these ids, or else with this name; None if there is nobody.

        Raises:
            GraderError: several people could be meant.
        """
        found = {it: None for id_ in ids for it in self._by_id.get(id_.casefold(), ())}
        by_name = not found
        if by_name:
            found = {it: None for key in spellings(name) for it in self._by_name.get(key, ())}
        if len(found) > 1:
            people = ", ".join(clean_name(person.folder) for person in found)
            raise GraderError(f"could be any of {people}; give each a line of their own id")
        return Match(next(iter(found)), by_name) if found else None


def read_roster(path: Path) -> Roster:
    """Read a roster.

    Raises:
        GraderError: it cannot be read, has no column that names people, or two lines would get
            the same folder.
    """
    return roster_of(read_sheet(path), clean_name(path.name))


def roster_of(sheet: Sheet, label: str) -> Roster:
    """The people of a table; see :func:`read_roster`."""
    people: list[Person] = []
    lines: dict[str, int] = {}
    for number, person in people_of(sheet, label):
        key = person.folder.casefold()
        if key in lines:
            raise GraderError(
                f"{label}: lines {lines[key] + 1} and {number + 1} are both "
                f"{clean_name(person.folder)}; give each an id, a login or an email of their own"
            )
        lines[key] = number
        people.append(person)
    return Roster(people)


def people_of(sheet: Sheet, label: str) -> Iterator[tuple[int, Person]]:
    """Each person with the number of their row, without rows that are not people.

    Raises:
        GraderError: no column names people.
    """
    at = {key: n for key, names in _COLUMNS.items() if (n := sheet.column(*names)) is not None}
    # Canvas calls the name's column `Student`; in our own grades.csv it is the folder's.
    student = sheet.column("student")
    if student is not None:
        at.setdefault("name" if "id" in at or "sis" in at else "folder", student)
    if not at.keys() & {"folder", "name", "first", "last", "id", "sis", "login", "email"}:
        raise GraderError(
            f"{label} has no column that names people; call one `name`, `id`, `login` or `email`"
        )
    for number in range(1, len(sheet.rows)):
        cell = cells(sheet, number, at)
        name = cell.get("name") or f"{cell.get('first', '')} {cell.get('last', '')}".strip()
        if name.casefold() in _NOBODY or not any(cell.values()):
            continue
        cell["id"] = _PARTICIPANT.sub("", cell.get("id", ""))
        email = cell.get("email", "")
        keys = ("folder", "login", "sis", "id", "email")
        given = {cell[key] for key in keys if cell.get(key)}
        ids = given | {it.partition("@")[0] for it in given} - {""}
        # A number is a bad folder name, but better than none, and better than the same name twice.
        folder = next(
            (it for key in ("folder", "login", "email", "sis") if (it := cell.get(key))), ""
        )
        folder = folder or "-".join(filter(None, (name, cell["id"])))
        status = cell.get("status")
        yield (
            number,
            Person(
                folder.partition("@")[0] if folder == email else folder,
                name,
                frozenset(it.casefold() for it in ids),
                late=bool(re.search(r"\blate\b", status, re.IGNORECASE)) if status else None,
                submitted=cell.get("changed") or None,
            ),
        )


def spellings(name: str) -> set[str]:
    """The ways in which systems write a name: “Doe, Jane”, “Jane Doe”, `doejane`."""
    last, comma, first = name.partition(",")
    words = [_squash(word) for word in name.replace(",", " ").split()]
    words = [word for word in words if word]
    if not words:
        return set()
    found = {"".join(words), "".join(sorted(words))}
    if comma:
        found.add(_squash(first) + _squash(last))
    elif len(words) > 1:
        found |= {"".join([*words[i:], *words[:i]]) for i in range(1, len(words))}
    return found - {""}


def _squash(text: str) -> str:
    """Letters and digits alone, without their accents, in small letters."""
    plain = unicodedata.normalize("NFKD", text[:300].casefold())
    return "".join(it for it in plain if it.isalnum())
