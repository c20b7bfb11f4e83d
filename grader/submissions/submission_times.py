"""The times of submission: from the file of `grader collect`, or from nbgrader's.

`grader collect` stores the times of a download in the ``collected.json`` of the class, lesson by
lesson. nbgrader writes a ``timestamp.txt`` beside each student's work. The first one has
precedence, because the instructor wrote it. Students who pack their folder can write any time into
the second.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from grader.errors import IntakeError
from grader.submissions.archives import MAX_ARCHIVE_BYTES, Budget, archive_stem, read_archive
from grader.submissions.collected_file import CollectedLesson, load_collected
from grader.submissions.folders import Folder, hold_open
from grader.submissions.found_files import FoundFile
from grader.submissions.time_zones import zone_named

_NAME: Final = "timestamp.txt"
_MAX_BYTES: Final = 200
_MAX_FILES: Final = 20_000
_STAMP: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.\d+)? ?([A-Za-z][\w/+-]{0,40}|[+-]\d\d:?\d\d)?",
    re.ASCII,
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
        self._archived: Mapping[str, str] | None = None
        #: Students whose time is in a time zone that is not known, and its name.
        self.unknown_zones: dict[str, str] = {}

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
        if collected and collected.submitted:
            zone = read_stamp(collected.submitted).unknown_zone
            if zone:
                self.unknown_zones[student] = zone
                return None
        if student not in self._stamps:
            self._stamps[student] = self._stamp(student)
        return self._stamps[student]

    def late_without_a_time(self, student: str) -> list[str]:
        """What a platform marks as late without a time that can be read: lessons, and modules."""
        return [
            lesson
            for lesson, collected in self._lessons(student).items()
            if collected.late and self(student, lesson) is None
        ]

    def _lessons(self, student: str) -> Mapping[str, CollectedLesson]:
        collected = self._collected.students.get(student)
        return collected.lessons if collected else {}

    def _stamp(self, student: str) -> datetime | None:
        """The latest timestamp in a student's folder or archive; each assignment may have one."""
        place = self._whole.resolve()
        stamps: list[Stamp] = []
        with ExitStack() as stack, suppress(IntakeError):
            if self._alone and not place.is_dir():
                folder = stack.enter_context(hold_open(str(place.parent)))
                stamps = _stamps(_in_archive(folder, place.name))
            else:
                folder = stack.enter_context(hold_open(str(place)))
                if self._alone:
                    stamps = _stamps(folder.files(_MAX_FILES))
                elif stat.S_ISDIR(folder.mode(student)):  # a folder counts before an archive
                    inner = stack.enter_context(folder.enter(student))
                    stamps = _stamps(inner.files(_MAX_FILES))
                else:
                    stamps = _stamps(_in_archive(folder, self._archives(folder).get(student, "")))
        if zones := sorted({stamp.unknown_zone for stamp in stamps if stamp.unknown_zone}):
            self.unknown_zones[student] = zones[0]
            return None
        return max((stamp.when for stamp in stamps if stamp.when), default=None)

    def _archives(self, folder: Folder) -> Mapping[str, str]:
        """The archives of a class, by student; if there are several, the first, as in intake."""
        if self._archived is None:
            names = sorted(folder.entries(), reverse=True)
            self._archived = {stem: name for name in names if (stem := archive_stem(name))}
        return self._archived


def _in_archive(folder: Folder, name: str) -> Iterator[FoundFile]:
    data = folder.read(name, MAX_ARCHIVE_BYTES)
    return read_archive(data, name, (), Budget(name))


def _stamps(files: Iterable[FoundFile]) -> list[Stamp]:
    """The timestamps beside a student's work, or in the folders of the assignments."""
    stamps: list[Stamp] = []
    for file in files:
        if file.name == _NAME and len(file.parts) <= 2 and not file.problem:
            with suppress(IntakeError):
                stamps.append(read_stamp(file.read(_MAX_BYTES).decode("ascii", "replace")))
    return stamps


@dataclass(frozen=True, slots=True)
class Stamp:
    """The content of a timestamp."""

    when: datetime | None = None  # in UTC
    unknown_zone: str | None = None  # the name of a time zone that nobody knows for certain


def read_stamp(text: str) -> Stamp:
    """A timestamp such as ``2026-11-20 17:00:00.000000 UTC`` or ``… EST``.

    A missing zone means UTC, as in nbgrader.
    """
    match = _STAMP.fullmatch(text.strip())
    if match is None:
        return Stamp()
    name = match[3] or "UTC"
    if (zone := zone_named(name)) is None:
        return Stamp(unknown_zone=name)
    try:
        moment = datetime.fromisoformat(f"{match[1]}T{match[2]}").replace(tzinfo=zone)
        return Stamp(moment.astimezone(UTC))
    except (ValueError, OverflowError):
        return Stamp()


def parse_time(text: str, *, zoned: bool = False) -> datetime | None:
    """The moment of a timestamp; None for any other text, and for a zone that is not known.

    Args:
        text: the timestamp.
        zoned: it must name its time zone.
    """
    match = _STAMP.fullmatch(text.strip())
    if match is None or (zoned and not match[3]):
        return None
    return read_stamp(text).when
