"""Gradebooks of learning platforms, filled in: only one column changes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from grader.errors import GraderError
from grader.exchange.csv_files import Sheet
from grader.exchange.roster import Person, Roster, people_of
from grader.results import Report, StudentResult
from grader.submissions.collected_file import Collected
from grader.text import clean_name
from grader.text.wording import format_points

#: Columns of a Canvas gradebook that are not assignments.
_CANVAS_FIXED: Final = frozenset(
    ("student", "id", "sis user id", "sis login id", "root account", "section", "notes",
     "integration id")
)  # fmt: skip
_READ_ONLY: Final = re.compile(r"\bread.only\b|Current|Final|Unposted", re.IGNORECASE)
_COMMA: Final = re.compile(r"\d+,\d{1,2}")


@dataclass(slots=True)
class Filled:
    """A gradebook with marks in it."""

    sheet: Sheet
    count: int = 0  # rows that got a mark
    notes: list[str] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)  # students without a row; cleaned


def fill_canvas(sheet: Sheet, report: Report, column: str | None, collected: Collected) -> Filled:
    """Fill an assignment's column of a gradebook that Canvas exported.

    Args:
        sheet: the gradebook.
        report: the results; the points of its lessons are added up.
        column: the assignment's column, or a part of its name that no other column has.
        collected: the ids and names that `grader collect` found.

    Raises:
        GraderError: it is not such a gradebook, or it has no such column.
    """
    if sheet.column("id") is None or sheet.column("student") is None:
        raise GraderError(
            "the template is no gradebook of Canvas: it has no columns `Student` and `ID`. "
            "Export one there: Grades, Export."
        )
    possible = next((row for row in sheet.rows[1:] if row and _is_possible(row[0])), ())
    assignments = {
        name: at
        for at, name in enumerate(sheet.columns)
        if name.casefold() not in _CANVAS_FIXED
        and "(read only)" not in (possible[at] if at < len(possible) else "").casefold()
        and not (len(possible) <= at and _READ_ONLY.search(name))
    }
    at = _find_column(assignments, column)
    most = possible[at] if at < len(possible) else ""
    return _fill(sheet, report, at, collected, most=most)


def fill_moodle(sheet: Sheet, report: Report, collected: Collected) -> Filled:
    """Fill the grades of a grading worksheet that Moodle exported; see :func:`fill_canvas`."""
    at, most_at = sheet.column("grade"), sheet.column("maximum grade")
    if at is None or sheet.column("identifier") is None:
        raise GraderError(
            "the template is no grading worksheet of Moodle: it has no columns `Identifier` and "
            "`Grade`. Download one there: View all submissions, Download grading worksheet."
        )
    most = sheet.rows[1][most_at] if most_at is not None and len(sheet.rows) > 1 else ""
    locked = sheet.column("grade can be changed")
    return _fill(sheet, report, at, collected, most=most, locked=locked)


def _fill(
    sheet: Sheet,
    report: Report,
    at: int,
    collected: Collected,
    *,
    most: str,
    locked: int | None = None,
) -> Filled:
    people = dict(people_of(sheet, "the template"))
    rows = [list(row) + [""] * (at + 1 - len(row)) for row in sheet.rows]
    numbers = {person: row for row, person in people.items()}
    roster = Roster(list(people.values()))
    filled = Filled(sheet)
    owners: dict[Person, list[StudentResult]] = {}
    for student in report.students:
        try:
            match = roster.find(*_ids_and_name(student.student, collected))
        except GraderError as error:
            filled.unmatched.append(f"{clean_name(student.student)} {error}")
            continue
        if match is None:
            filled.unmatched.append(clean_name(student.student))
            continue
        owners.setdefault(match.person, []).append(student)
        if match.by_name:
            name = clean_name(match.person.name)
            filled.notes.append(f"{clean_name(student.student)} taken for {name}, by the name")
    has_comma = any(_COMMA.fullmatch(row[at].strip()) for row in rows) or bool(
        _COMMA.fullmatch(most.strip())
    )
    for person, students in owners.items():
        names = ", ".join(clean_name(it.student) for it in students)
        row = rows[numbers[person]]
        if len(students) > 1:
            filled.unmatched.append(f"{names}: all could be {clean_name(person.name)}; none counts")
        elif locked is not None and locked < len(row) and row[locked].strip() == "No":
            filled.notes.append(f"{names}: the grade cannot be changed there; left as it is")
        else:
            points = students[0].score
            shown = format_points(points)
            row[at] = shown.replace(".", ",") if has_comma else shown
            filled.count += 1
    _note_other_maximum(filled, report, most)
    filled.sheet = sheet.with_rows(rows)
    return filled


def _ids_and_name(student: str, collected: Collected) -> tuple[Sequence[str], str]:
    """A student's ids and name: the collected ones, or else those in the folder's name."""
    if entry := collected.students.get(student):
        return [student, *entry.ids], entry.name
    name, _, end = student.rpartition("-")  # as `grader collect` calls folders
    return ([student, end], name) if name else ([student], student)


def _note_other_maximum(filled: Filled, report: Report, most: str) -> None:
    """Note that the maxima differ. The points stay: converting them is the teacher's decision."""
    try:
        theirs = float(most.strip().replace(",", "."))
    except ValueError:
        return
    for student in report.students[:1]:
        ours = student.max_score
        if abs(ours - theirs) > 1e-6:
            filled.notes.append(
                f"the gradebook's maximum is {format_points(theirs)}, and ours is "
                f"{format_points(ours)}; points are not converted"
            )


def _is_possible(cell: str) -> bool:
    return cell.strip().casefold() == "points possible"


def _find_column(assignments: Mapping[str, int], wanted: str | None) -> int:
    """The column with this name, or the only one."""
    fits = [name for name in assignments if wanted is None or wanted == name]
    fits = fits or [name for name in assignments if wanted and wanted in name]
    if len(fits) == 1:
        return assignments[fits[0]]
    listed = ", ".join(clean_name(name) for name in assignments) or "none"
    which = f"no assignment is called {clean_name(wanted)}" if wanted else "which assignment?"
    if wanted and fits:
        which = f"several assignments are called {clean_name(wanted)}"
    raise GraderError(f"{which} Name it with --assignment. There are: {listed}")
