"""When students handed in: from the file of `grader collect`, or from nbgrader's.

`grader collect` keeps the times of a download in the ``collected.json`` of the whole class, lesson
by lesson. nbgrader writes a ``timestamp.txt`` beside each student's work. The first has
precedence, since it is the instructor's file: a student who packs the folder or zip can write any
time into the second.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from grader.errors import IntakeError
from grader.submissions.archives import MAX_ARCHIVE_BYTES, Archive
from grader.submissions.collected_file import CollectedLesson, load_collected
from grader.submissions.folders import Folder, Place, hold_open

_NAME: Final = "timestamp.txt"
_MAX_BYTES: Final = 200
_STAMP: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.\d+)?\s*(UTC|Z|[+-]\d\d:?\d\d)?", re.ASCII
)


class SubmissionTimes:
    """When each lesson of a submissions folder was handed in."""

    def __init__(self, submissions: Path, *, alone: bool = False) -> None:
        """Read the class's ``collected.json``.

        Args:
            submissions: the folder of a class, or the folder or zip of one student.
            alone: it is one student's, and its name is the student's name.

        Raises:
            GraderError: the class's ``collected.json`` is damaged.
        """
        self._whole = submissions
        self._alone = alone
        place = submissions.resolve()
        self._collected = load_collected(place.parent if alone else place)
        self._stamps: dict[str, datetime | None] = {}
        self._zipped: Mapping[str, str] | None = None

    def __call__(self, student: str, lesson: str) -> datetime | None:
        """When a lesson was handed in, with the time zone; None if that is unknown."""
        collected = self._lessons(student).get(lesson)
        when = (
            parse_time(collected.submitted, zoned=True)
            if collected and collected.submitted
            else None
        )
        if when is not None:
            return when
        if student not in self._stamps:
            self._stamps[student] = self._stamp(student)
        return self._stamps[student]

    def late_without_a_time(self, student: str) -> list[str]:
        """The lessons that a platform marks as late, without a time that can be read."""
        return [
            lesson
            for lesson, it in self._lessons(student).items()
            if it.late and self(student, lesson) is None
        ]

    def _lessons(self, student: str) -> Mapping[str, CollectedLesson]:
        found = self._collected.students.get(student)
        return found.lessons if found else {}

    def _stamp(self, student: str) -> datetime | None:
        """The latest timestamp in a student's folder or zip; each assignment has its own."""
        place = self._whole.resolve()
        found: list[datetime] = []
        with ExitStack() as stack, suppress(IntakeError):
            if self._alone and not place.is_dir():
                return _in_zip(stack.enter_context(hold_open(str(place.parent))), place.name)
            folder = stack.enter_context(hold_open(str(place)))
            if not self._alone:
                if not stat.S_ISDIR(folder.mode(student)):  # a folder counts before a zip
                    return _in_zip(folder, self._zips(folder).get(student, ""))
                folder = stack.enter_context(folder.enter(student))
            found += _stamps(folder)
            for name in folder.others():
                if stat.S_ISDIR(folder.mode(name)):
                    with suppress(IntakeError), folder.enter(name) as inner:
                        found += _stamps(inner)
        return max(found, default=None)

    def _zips(self, folder: Folder) -> Mapping[str, str]:
        """The zips of a class, by student; if there are several, the first, as in intake."""
        if self._zipped is None:
            names = sorted(folder.entries(), reverse=True)
            self._zipped = {
                name[: -len(".zip")]: name for name in names if name.lower().endswith(".zip")
            }
        return self._zipped


def _in_zip(folder: Folder, name: str) -> datetime | None:
    """The timestamp at the top of a zip, or in the one folder that was zipped."""
    with suppress(IntakeError):
        archive = Archive(folder.read(name, MAX_ARCHIVE_BYTES), name, {_NAME})
        return max(_stamps(archive), default=None)
    return None


def _stamps(place: Place) -> list[datetime]:
    with suppress(IntakeError):  # it is missing, or no regular file
        found = place.look(_NAME)
        if found and not found.problem:
            when = parse_time(place.read(_NAME, _MAX_BYTES).decode("ascii", "replace"))
            return [when] if when else []
    return []


def parse_time(text: str, *, zoned: bool = False) -> datetime | None:
    """A timestamp such as ``2026-11-20 17:00:00.000000 UTC``; None for any other text.

    Args:
        text: the timestamp.
        zoned: it must name its time zone; otherwise a missing zone means UTC, as in nbgrader.
    """
    match = _STAMP.fullmatch(text.strip())
    if match is None or (zoned and not match[3]):
        return None
    zone = match[3] if match[3] and match[3] not in ("UTC", "Z") else "+00:00"
    try:
        return datetime.fromisoformat(f"{match[1]}T{match[2]}{zone}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None
