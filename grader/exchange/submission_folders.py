"""A bulk download sorted into submissions: a folder for each student, a file for each lesson.

The last attempt counts. No file is lost: only a later attempt replaces a file, and only if the
file is still as an earlier run wrote it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Final

from grader.errors import GraderError, reason_in_words
from grader.exchange.candidates import Candidate, Collection, Sorter, Taken
from grader.exchange.download_paths import Platform, Sender, path_reader
from grader.exchange.downloads import open_download
from grader.exchange.ids import kept_ids, remember_ids
from grader.exchange.roster import NOTHING_CHOSEN, Person, Roster, read_roster
from grader.files import make_folder, whole_file
from grader.reports.filenames import is_device_name
from grader.submissions.collected_file import (
    COLLECTED_FILE,
    Collected,
    CollectedLesson,
    CollectedStudent,
    load_collected,
    save_collected,
)
from grader.submissions.found_files import is_hidden
from grader.text import clean_name, make_encodable

_MAX_NAME: Final = 80
_NOT_IN_NAMES: Final = re.compile(
    r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|\u200e\u200f\u2028-\u202e\u2066-\u2069]'
)


def collect(
    download: Path,
    out: Path,
    platform: Platform,
    lessons: Sequence[str],
    *,
    modules: Sequence[str] = (),
    roster_file: Path | None = None,
    columns: Mapping[str, str] = NOTHING_CHOSEN,
    only: str | None = None,
    due: datetime | None = None,
    dry_run: bool = False,
) -> Collection:
    """Sort a download into a submissions folder.

    Args:
        download: a platform's bulk download: a folder or a .zip.
        out: the submissions folder; made if need be.
        platform: where the download comes from.
        lessons: the ids of the course's lessons.
        modules: the further modules of lessons, by their paths.
        roster_file: a CSV file of the class; without it, students have the platform's names.
        columns: what a column of the roster holds → its heading, where that cannot be found out.
        only: the lesson that all files are for, whatever their names.
        due: a submission created after this is late (Gradescope).
        dry_run: change nothing.

    Raises:
        GraderError: the download or the roster cannot be read, or `out` not written to.
    """
    roster = read_roster(roster_file, columns) if roster_file else None
    _refuse_inside(download, out)
    read = path_reader(platform, download, due)
    if not dry_run:
        make_folder(out)
    collected = load_collected(out)
    result = Collection()
    staging = Path(gettempdir()) if dry_run else out
    try:
        with TemporaryDirectory(dir=staging, prefix=".collecting.") as stage:
            sorter = Sorter(Path(stage), read, lessons, only, result, modules=modules)
            with open_download(download) as files:
                for file in files:
                    sorter.take(file)
            sorter.finish()
            if roster:
                every_id = [id_ for sender in sorter.senders.values() for id_ in sender.ids]
                roster = roster.with_kinds_of(every_id)
            _file_all(sorter, out, collected, roster, result, dry_run=dry_run)
    except OSError as error:
        raise GraderError(
            f"cannot write to {clean_name(str(staging))}: {reason_in_words(error)}"
        ) from error
    if roster and sorter.best and not result.on_the_roster:
        result.refused.insert(
            0, f"nobody of the download is on the roster {clean_name(str(roster_file))}"
        )
    if not dry_run:
        save_collected(out, collected)
    for person in roster.people if roster else ():
        if not (entry := collected.students.get(folder_name(person.folder))) or not entry.lessons:
            result.missing.append(clean_name(person.folder))
    order = {lesson: place for place, lesson in enumerate(lessons)}
    result.taken.sort(
        key=lambda file: (file.student, order.get(file.lesson, len(order)), file.lesson)
    )
    return result


def _refuse_inside(download: Path, out: Path) -> None:
    """Refuse folders that contain each other: the next run would read its own output."""
    outer, inner = download.resolve(), out.resolve()
    if outer == inner or outer in inner.parents or inner in outer.parents:
        raise GraderError(f"{download} and {out} lie in one another; collect into another folder")


def _file_all(
    sorter: Sorter,
    out: Path,
    collected: Collected,
    roster: Roster | None,
    result: Collection,
    *,
    dry_run: bool,
) -> None:
    """Copy the files that count into the students' folders."""
    for key, folder, person in _folders(sorter, collected, roster, result):
        sender = sorter.senders[key]
        student = collected.students.setdefault(
            folder, CollectedStudent(person.name or sender.name)
        )
        remember_ids(student, [*person.ids, *sender.lasting_ids])
        for lesson, staged in sorter.best[key].items():
            late = staged.late if staged.late is not None else person.late
            submitted = staged.submitted or person.submitted
            filing = _Filing(out / folder, lesson, staged, student, late, submitted)
            result.taken.append(filing.file(result, dry_run=dry_run))


@dataclass(frozen=True, slots=True)
class _Filing:
    """One file on its way into a student's folder."""

    folder: Path
    lesson: str
    staged: Candidate
    student: CollectedStudent
    late: bool | None
    submitted: str | None

    def file(self, result: Collection, *, dry_run: bool) -> Taken:
        """Write the file, unless another file would be lost."""
        staged, lesson = self.staged, self.lesson
        target = self.folder / f"{lesson}{staged.ending}"
        outcome = self._outcome(target, result)
        original, name = staged.inside[-1], target.relative_to(self.folder).as_posix()
        if outcome in ("new", "replaced") and not dry_run:
            target.parent.mkdir(parents=True, exist_ok=True)
            with whole_file(target, durable=False) as file:
                file.write(staged.path.read_bytes())
        if outcome in ("new", "replaced", "same"):
            self.student.lessons[lesson] = CollectedLesson(
                name,
                staged.original,
                staged.sha256,
                staged.version,
                self.late,
                self.submitted,
                not staged.is_exact,
            )
            if not staged.is_exact:
                result.notes.append(
                    f"{clean_name(self.folder.name)}: {clean_name(original)} taken as {target.name}"
                )
        return Taken(self.folder.name, lesson, name, outcome, self.late, not staged.is_exact)

    def _outcome(self, target: Path, result: Collection) -> str:
        name = target.relative_to(self.folder).as_posix()
        shown = clean_name(f"{self.folder.name}/{name}")
        earlier = self.student.lessons.get(self.lesson)
        if self.folder.is_symlink() or (self.folder.exists() and not self.folder.is_dir()):
            result.refused.append(f"{clean_name(self.folder.name)} is no folder; move it away")
            return "refused"
        if target.is_symlink() or (target.exists() and not target.is_file()):
            result.refused.append(f"{shown} is no regular file; move it away")
            return "refused"
        if not target.exists():
            if earlier and earlier.attempt > self.staged.version:
                return "older"
            return self._in_place_of(earlier, shown, result)
        there = hashlib.sha256(target.read_bytes()).hexdigest()
        if there == self.staged.sha256:
            return "same"
        if not earlier or earlier.file != name or there != earlier.sha256:
            result.refused.append(
                f"{shown} is there and not what was collected before; move it away to have it "
                f"replaced by {clean_name(self.staged.original)}"
            )
            return "refused"
        return "older" if earlier.attempt > self.staged.version else "replaced"

    def _in_place_of(self, earlier: CollectedLesson | None, shown: str, result: Collection) -> str:
        """The outcome if a lesson changes from a script to a notebook, or vice versa."""
        if earlier and (self.folder / earlier.file).is_file():
            result.notes.append(f"{shown} is newer than {clean_name(earlier.file)}, which stays")
        return "new"


def _folders(
    sorter: Sorter, collected: Collected, roster: Roster | None, result: Collection
) -> Iterator[tuple[str, str, Person]]:
    """Each sender's key, folder and line in the roster; without a roster, a made-up line."""
    senders, best = sorter.senders, sorter.best
    owners = [
        (id_, name) for name, student in collected.students.items() for id_ in kept_ids(student)
    ]
    taken: dict[str, str] = {}  # folder, whatever its case → sender
    names: dict[str, int] = {}
    for sender in senders.values():
        names[sender.name] = names.get(sender.name, 0) + 1
    for key, sender in senders.items():
        if key not in best:
            continue
        person = Person("", sender.name, frozenset())
        try:
            match = roster.find(sender.ids, sender.name) if roster else None
        except GraderError as error:
            result.refused.append(f"{clean_name(sender.name)} {error}")
            continue
        if match:
            person = match.person
            result.on_the_roster += 1
            folder = folder_name(person.folder)
            if match.by_name:
                result.notes.append(
                    f"{clean_name(sender.name)} taken for {clean_name(person.folder)}, by the name"
                )
        else:
            if roster:
                result.notes.append(f"{clean_name(sender.name)} is not on the roster")
            fresh = folder_name(_unlike_others(sender, names[sender.name]))
            same = (
                name for id_, name in owners for own_id in sender.lasting_ids if id_.is_same(own_id)
            )
            folder = next(same, fresh)
        if (other := taken.setdefault(folder.casefold(), key)) != key:
            result.refused.append(
                f"{clean_name(sender.name)} and {clean_name(senders[other].name)} would share the "
                f"folder {clean_name(folder)}; tell them apart with --roster"
            )
            continue
        yield key, folder, person


def _unlike_others(sender: Sender, namesakes: int) -> str:
    """The name, with a number if the number lasts or others have the same name."""
    number = sender.ids[0].value if sender.ids and sender.ids[0].value != sender.name else ""
    if not sender.lasting_ids and namesakes == 1:
        number = ""
    return "-".join(filter(None, (sender.name, number)))


def folder_name(name: str) -> str:
    """A student's folder name: valid on every system, and no option of a command."""
    text = unicodedata.normalize("NFC", make_encodable(name))
    text = _NOT_IN_NAMES.sub("_", text)[:_MAX_NAME].strip(" .-~")
    is_ours = text.casefold() == COLLECTED_FILE
    if not text or is_ours or is_hidden(text) or is_device_name(text):
        text = f"student{text}"
    return text
