"""Gradebooks of learning platforms, filled in: only one column changes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from grader.errors import GraderError
from grader.exchange.columns import NO, find_columns, list_columns
from grader.exchange.csv_files import Sheet, cells
from grader.exchange.ids import Id, Kind, kept_ids
from grader.exchange.roster import NOTHING_CHOSEN, Match, Person, Roster, people_of
from grader.results import Report, StudentResult
from grader.submissions.collected_file import Collected
from grader.text import clean_name
from grader.text.wording import format_points

#: Columns of a Canvas gradebook that are not assignments.
_CANVAS_FIXED: Final = frozenset(
    ("student", "lastname", "firstname", "last name", "first name", "id", "sis user id",
     "sis login id", "root account", "section", "notes", "integration id")
)  # fmt: skip
_READ_ONLY: Final = re.compile(r"\bread.only\b|Current|Final|Unposted", re.IGNORECASE)
#: Canvas takes columns with these words for totals of its own when a gradebook is uploaded.
_IGNORED: Final = re.compile(
    r"\b(?:(?:Unposted )?(?:Current|Final) (?:Score|Points|Grade)|Final|Override)\b", re.IGNORECASE
)
_EXCUSED: Final = "EX"
_LONGEST: Final = 300  # characters of a heading that are looked at
_COMMA: Final = re.compile(r"\d+,\d{1,2}")


@dataclass(slots=True)
class Filled:
    """A gradebook with marks in it."""

    sheet: Sheet
    count: int = 0  # rows that got a mark
    notes: list[str] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)  # students without a row; cleaned


def fill_canvas(
    sheet: Sheet,
    report: Report,
    column: str | None,
    collected: Collected,
    columns: Mapping[str, str] = NOTHING_CHOSEN,
) -> Filled:
    """Fill an assignment's column of a gradebook that Canvas exported.

    Args:
        sheet: the gradebook.
        report: the results; the points of its lessons are added up.
        column: the assignment's column, or a part of its name that no other column has.
        collected: the ids and names that `grader collect` found.
        columns: what a column holds → its heading, where that cannot be found out.

    Raises:
        GraderError: it is not such a gradebook, or it has no such column.
    """
    names = ("student", "lastname", "last name")
    if not columns and (sheet.column("id") is None or sheet.column(*names) is None):
        raise GraderError(
            "the template is no gradebook of Canvas: it has no columns `Student` and `ID`, but "
            f"{list_columns(sheet)}. Export one there: Grades, Export."
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
    filled = _fill(sheet, report, at, collected, columns, most=most)
    if _IGNORED.search(sheet.columns[at][:_LONGEST]):
        filled.notes.append(
            f"Canvas ignores a column that is called {clean_name(sheet.columns[at])} when the file "
            "is uploaded, since it looks like a total of its own; rename the assignment there, "
            "without “Final” and “Current”, and export the gradebook again"
        )
    return filled


def fill_moodle(
    sheet: Sheet,
    report: Report,
    collected: Collected,
    columns: Mapping[str, str] = NOTHING_CHOSEN,
) -> Filled:
    """Fill the grades of a grading worksheet that Moodle exported; see :func:`fill_canvas`.

    Its headings are in the course's language. In any language, the grade stands before the
    maximum, which is the same number in every row.
    """
    places = find_columns(sheet, columns)
    most_at = places.get("maximum", _column_of_one_number(sheet))
    at = places.get("grade")
    if at is None and most_at is not None and "participant" in places:
        at = most_at - 1
    people = {"participant", "name", "email", "id", "student-id", "login"}
    if at is None or not (columns or places.keys() & people):
        raise GraderError(
            "the template is no grading worksheet of Moodle: it has no columns `Identifier` and "
            f"`Grade`, but {list_columns(sheet)}. Download one there: View all submissions, "
            "Download grading worksheet; or name its columns: --columns name=HEADING,grade=HEADING"
        )
    most = cells(sheet, 1, {"most": most_at})["most"] if most_at is not None else ""
    locked = places.get("locked", most_at + 1 if most_at is not None else None)
    return _fill(sheet, report, at, collected, columns, most=most, locked=locked)


def _column_of_one_number(sheet: Sheet) -> int | None:
    """The column, behind the first two, in which every cell is one number above 0."""
    for at in range(2, len(sheet.columns)):
        values = {row[at].strip() for row in sheet.rows[1:] if at < len(row)}
        if len(values) == 1 and (_number(values.pop()) or 0) > 0:
            return at
    return None


def _fill(
    sheet: Sheet,
    report: Report,
    at: int,
    collected: Collected,
    columns: Mapping[str, str],
    *,
    most: str,
    locked: int | None = None,
) -> Filled:
    people = dict(people_of(sheet, "the template", columns))
    rows = [list(row) + [""] * (at + 1 - len(row)) for row in sheet.rows]
    numbers = {person: row for row, person in people.items()}
    roster = Roster(list(people.values()))
    filled = Filled(sheet)
    owners: dict[Person, list[StudentResult]] = {}
    for student in report.students:
        try:
            match = _find(roster, student.student, collected)
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
        names = ", ".join(clean_name(student.student) for student in students)
        row = rows[numbers[person]]
        if len(students) > 1:
            filled.unmatched.append(f"{names}: all could be {clean_name(person.name)}; none counts")
        elif locked is not None and locked < len(row) and row[locked].strip().casefold() in NO:
            filled.notes.append(f"{names}: the grade cannot be changed there; left as it is")
        elif row[at].strip().upper() == _EXCUSED:
            filled.notes.append(f"{names}: excused there ({_EXCUSED}); left as it is")
        else:
            points = students[0].score
            shown = format_points(points)
            row[at] = shown.replace(".", ",") if has_comma else shown
            filled.count += 1
    if report.students and not owners:
        raise GraderError(
            f"none of the {len(report.students)} students is in the gradebook, so nothing was "
            f"written. Its columns are {list_columns(sheet)}; say which is which with --columns, "
            "or give --submissions"
        )
    _note_other_maximum(filled, report, most)
    filled.sheet = sheet.with_rows(rows)
    return filled


def _find(roster: Roster, student: str, collected: Collected) -> Match | None:
    """A student's row: by the collected ids and name, or else by those in the folder's name."""
    whole = Id(Kind.UNKNOWN, student)
    if entry := collected.students.get(student):
        return roster.find([Id(Kind.FOLDER, student), *kept_ids(entry)], entry.name)
    name, _, end = student.rpartition("-")  # as `grader collect` calls folders
    if not name:
        return roster.find([whole], student)
    try:
        return roster.find([whole, Id(Kind.UNKNOWN, end)], name)
    except GraderError:
        # Namesakes, whom `grader collect` tells apart by Moodle's number.
        if match := roster.find([Id(Kind.PARTICIPANT, end)], name):
            return match
        raise


def _note_other_maximum(filled: Filled, report: Report, most: str) -> None:
    """Note that the maxima differ. The points stay: converting them is the teacher's decision."""
    if (theirs := _number(most)) is None:
        return
    for student in report.students[:1]:
        ours = student.max_score
        if abs(ours - theirs) > 1e-6:
            filled.notes.append(
                f"the gradebook's maximum is {format_points(theirs)}, and ours is "
                f"{format_points(ours)}; points are not converted"
            )


def _number(cell: str) -> float | None:
    try:
        return float(cell.strip().replace(",", "."))
    except ValueError:
        return None


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
