"""A bulk download sorted into submissions: a folder for each student, a file for each lesson.

The last attempt counts. No file is lost: only a later attempt replaces a file, and only if the
file is still as an earlier run wrote it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory, gettempdir
from typing import Final

from grader.errors import GraderError, IntakeError, reason_in_words
from grader.exchange.download_paths import HandedOver, PathReader, Platform, Sender, path_reader
from grader.exchange.downloads import DownloadedFile, open_download, unpacked
from grader.exchange.roster import Person, Roster, read_roster
from grader.files import make_folder, whole_file
from grader.reports.filenames import is_device_name
from grader.submissions.archives import MAX_ARCHIVE_BYTES
from grader.submissions.collected_file import (
    COLLECTED_FILE,
    Collected,
    CollectedLesson,
    CollectedStudent,
    load_collected,
    save_collected,
)
from grader.submissions.decoding import MAX_NOTEBOOK_BYTES
from grader.submissions.folders import ENDINGS, is_hidden
from grader.submissions.lesson_names import guess_lesson
from grader.text import clean_name, make_encodable
from grader.text.wording import list_some

_MAX_NAME: Final = 80
_NOT_IN_NAMES: Final = re.compile(
    r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|\u200e\u200f\u2028-\u202e\u2066-\u2069]'
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that counts for a lesson."""

    student: str
    lesson: str
    file: str  # in the student's folder
    outcome: str  # "new", "replaced", "same", "older", "refused"
    late: bool | None
    is_guess: bool


@dataclass(slots=True)
class Collection:
    """The result of sorting a download."""

    taken: list[Taken] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # guesses, and ignored files; cleaned
    refused: list[str] = field(default_factory=list)  # files that a person has to look at; cleaned
    missing: list[str] = field(
        default_factory=list
    )  # people on the roster without any file; cleaned


@dataclass(frozen=True, slots=True)
class _Staged:
    """A candidate for a lesson, its bytes on disk."""

    senders: tuple[str, ...]  # their keys
    original: str
    filename: str
    is_exact: bool
    attempt: tuple[int, ...]
    late: bool | None
    submitted: str | None
    path: Path
    sha256: str

    @property
    def rank(self) -> tuple[bool, tuple[int, ...], str]:
        """The largest counts: the lesson's own name comes first, then the last attempt."""
        return self.is_exact, self.attempt, self.original


def collect(
    download: Path,
    out: Path,
    platform: Platform,
    lessons: Sequence[str],
    *,
    roster_file: Path | None = None,
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
        roster_file: a CSV file of the class; without it, students have the platform's names.
        only: the lesson that all files are for, whatever their names.
        due: a submission created after this is late (Gradescope).
        dry_run: change nothing.

    Raises:
        GraderError: the download or the roster cannot be read, or `out` not written to.
    """
    roster = read_roster(roster_file) if roster_file else None
    _refuse_inside(download, out)
    read = path_reader(platform, download, due)
    if not dry_run:
        make_folder(out)
    collected = load_collected(out)
    result = Collection()
    staging = Path(gettempdir()) if dry_run else out
    try:
        with TemporaryDirectory(dir=staging, prefix=".collecting.") as stage:
            sorter = _Sorter(Path(stage), read, lessons, only, result)
            with open_download(download, result.refused) as files:
                for file in files:
                    sorter.take(file)
            sorter.note_strangers()
            _file_all(sorter, out, collected, roster, result, dry_run=dry_run)
    except OSError as error:
        raise GraderError(
            f"cannot write to {clean_name(str(staging))}: {reason_in_words(error)}"
        ) from error
    if not dry_run:
        save_collected(out, collected)
    for person in roster.people if roster else ():
        if not (entry := collected.students.get(folder_name(person.folder))) or not entry.lessons:
            result.missing.append(clean_name(person.folder))
    result.taken.sort(key=lambda it: (it.student, lessons.index(it.lesson)))
    return result


def _refuse_inside(download: Path, out: Path) -> None:
    """Refuse folders that contain each other: the next run would read its own output."""
    outer, inner = download.resolve(), out.resolve()
    if outer == inner or outer in inner.parents or inner in outer.parents:
        raise GraderError(f"{download} and {out} lie in one another; collect into another folder")


class _Sorter:
    """Sorts files by sender and lesson, and keeps the best of each."""

    def __init__(
        self,
        stage: Path,
        read: PathReader,
        lessons: Sequence[str],
        only: str | None,
        result: Collection,
    ) -> None:
        self.senders: dict[str, Sender] = {}
        self.best: dict[str, dict[str, _Staged]] = {}  # sender → lesson → what counts
        self._stage = stage
        self._read = read
        self._lessons = lessons
        self._only = only
        self._result = result
        self._strangers: list[str] = []
        self._count = 0

    def take(self, file: DownloadedFile) -> None:
        """Take a file as a candidate for a lesson, or say why it is none."""
        found = self._read(file.parts)
        ending = PurePosixPath(found.filename if found else file.parts[-1]).suffix.lower()
        if found is None and ending in (*ENDINGS, ".zip"):
            self._result.refused.append(f"{file.shown}: its path does not say who handed it in")
        elif found is None:
            self._strangers.append(file.shown)
        elif ending == ".zip":
            self._take_archive(file, found)
        elif ending in ENDINGS:
            self._take_lesson(file, found, found.filename)
        else:
            self._strangers.append(file.shown)

    def note_strangers(self) -> None:
        """Note the files that were ignored because they are no lessons."""
        if self._strangers:
            self._result.notes.append(f"ignored, being no lesson: {list_some(self._strangers)}")

    def _take_archive(self, file: DownloadedFile, found: HandedOver) -> None:
        try:
            for inner in unpacked(file, self._result.refused, cap=MAX_ARCHIVE_BYTES):
                if PurePosixPath(inner.parts[-1]).suffix.lower() in ENDINGS:
                    self._take_lesson(inner, found, inner.parts[-1])
        except IntakeError as error:
            self._result.refused.append(str(error))

    def _take_lesson(self, file: DownloadedFile, found: HandedOver, filename: str) -> None:
        guess = guess_lesson(filename, self._lessons)
        lesson = guess.lessons[0] if len(guess.lessons) == 1 else None
        if self._only is not None and not guess.is_exact:
            lesson = self._only
        if lesson is None:
            which = f"could be {' or '.join(guess.lessons)}" if guess.lessons else "fits no lesson"
            self._result.refused.append(f"{file.shown}: {clean_name(filename)} {which}; rename it")
            return
        try:
            data = file.read(MAX_NOTEBOOK_BYTES)
        except GraderError as error:
            self._result.refused.append(f"{file.shown}: {error}")
            return
        self._count += 1
        path = self._stage / str(self._count)
        path.write_bytes(data)
        staged = _Staged(
            tuple(sender.key for sender in found.senders),
            make_encodable("/".join(file.parts)),
            filename,
            guess.is_exact,
            (*found.attempt, *file.changed),
            found.late,
            found.submitted,
            path,
            hashlib.sha256(data).hexdigest(),
        )
        for sender in found.senders:
            self.senders.setdefault(sender.key, sender)
            self._keep_better(sender.key, lesson, staged)
        if not self._counts(staged, lesson):
            path.unlink()  # a thousand attempts take the room of one

    def _counts(self, staged: _Staged, lesson: str) -> bool:
        """Whether a file is the best of anybody who handed it in; a group has several senders."""
        return any(self.best.get(key, {}).get(lesson) is staged for key in staged.senders)

    def _keep_better(self, sender: str, lesson: str, staged: _Staged) -> None:
        before = self.best.setdefault(sender, {}).setdefault(lesson, staged)
        if before is staged:
            return
        winner, loser = sorted((before, staged), key=lambda it: it.rank, reverse=True)
        self.best[sender][lesson] = winner
        if loser is before and not self._counts(loser, lesson):
            loser.path.unlink()
        if loser.is_exact == winner.is_exact:
            why_so = "the last attempt" if loser.attempt != winner.attempt else "of equal age"
        else:
            why_so = f"called {lesson}"
        self._result.notes.append(
            f"{clean_name(winner.original)} counts, and not {clean_name(loser.original)}: {why_so}"
        )


def _file_all(
    sorter: _Sorter,
    out: Path,
    collected: Collected,
    roster: Roster | None,
    result: Collection,
    *,
    dry_run: bool,
) -> None:
    """Copy the files that count into the students' folders."""
    for key, folder, person in _folders(sorter.senders, collected, roster, result):
        sender = sorter.senders[key]
        known = collected.students.setdefault(folder, CollectedStudent(person.name or sender.name))
        known.ids = sorted({*known.ids, *person.ids, *_lasting(sender)})
        for lesson, staged in sorter.best[key].items():
            late = staged.late if staged.late is not None else person.late
            submitted = staged.submitted or person.submitted
            filing = _Filing(out / folder, lesson, staged, known, late, submitted)
            result.taken.append(filing.file(result, dry_run=dry_run))


@dataclass(frozen=True, slots=True)
class _Filing:
    """One file on its way into a student's folder."""

    folder: Path
    lesson: str
    staged: _Staged
    known: CollectedStudent
    late: bool | None
    submitted: str | None

    def file(self, result: Collection, *, dry_run: bool) -> Taken:
        """Write the file, unless another file would be lost."""
        staged, lesson = self.staged, self.lesson
        target = self.folder / f"{lesson}{PurePosixPath(staged.filename).suffix.lower()}"
        outcome = self._outcome(target, result)
        original = PurePosixPath(staged.filename).name
        if outcome in ("new", "replaced") and not dry_run:
            self.folder.mkdir(exist_ok=True)
            with whole_file(target, durable=False) as file:
                file.write(staged.path.read_bytes())
        if outcome in ("new", "replaced", "same"):
            self.known.lessons[lesson] = CollectedLesson(
                target.name,
                staged.original,
                staged.sha256,
                staged.attempt,
                self.late,
                self.submitted,
                not staged.is_exact,
            )
            if not staged.is_exact:
                result.notes.append(
                    f"{clean_name(self.folder.name)}: {clean_name(original)} taken as {target.name}"
                )
        return Taken(self.folder.name, lesson, target.name, outcome, self.late, not staged.is_exact)

    def _outcome(self, target: Path, result: Collection) -> str:
        shown = clean_name(f"{self.folder.name}/{target.name}")
        earlier = self.known.lessons.get(self.lesson)
        if self.folder.is_symlink() or (self.folder.exists() and not self.folder.is_dir()):
            result.refused.append(f"{clean_name(self.folder.name)} is no folder; move it away")
            return "refused"
        if target.is_symlink() or (target.exists() and not target.is_file()):
            result.refused.append(f"{shown} is no regular file; move it away")
            return "refused"
        if not target.exists():
            if earlier and earlier.attempt > self.staged.attempt:
                return "older"
            return self._in_place_of(earlier, shown, result)
        there = hashlib.sha256(target.read_bytes()).hexdigest()
        if there == self.staged.sha256:
            return "same"
        if not earlier or earlier.file != target.name or there != earlier.sha256:
            result.refused.append(
                f"{shown} is there and not what was collected before; move it away to have it "
                f"replaced by {clean_name(self.staged.original)}"
            )
            return "refused"
        return "older" if earlier.attempt > self.staged.attempt else "replaced"

    def _in_place_of(self, earlier: CollectedLesson | None, shown: str, result: Collection) -> str:
        """The outcome for a lesson that changes from a script to a notebook, or vice versa."""
        if earlier and (self.folder / earlier.file).is_file():
            result.notes.append(f"{shown} is newer than {clean_name(earlier.file)}, which stays")
        return "new"


def _folders(
    senders: dict[str, Sender], collected: Collected, roster: Roster | None, result: Collection
) -> Iterator[tuple[str, str, Person]]:
    """Each sender's key, folder and line in the roster; without a roster, a made-up line."""
    known = {id_: name for name, it in collected.students.items() for id_ in it.ids}
    taken: dict[str, str] = {}  # folder, whatever its case → sender
    names: dict[str, int] = {}
    for sender in senders.values():
        names[sender.name] = names.get(sender.name, 0) + 1
    for key, sender in senders.items():
        person = Person("", sender.name, frozenset())
        try:
            match = roster.find(sender.ids, sender.name) if roster else None
        except GraderError as error:
            result.refused.append(f"{clean_name(sender.name)} {error}")
            continue
        if match:
            person = match.person
            folder = folder_name(person.folder)
            if match.by_name:
                result.notes.append(
                    f"{clean_name(sender.name)} taken for {clean_name(person.folder)}, by the name"
                )
        else:
            if roster:
                result.notes.append(f"{clean_name(sender.name)} is not on the roster")
            fresh = folder_name(_unlike_others(sender, names[sender.name]))
            folder = next((known[id_] for id_ in _lasting(sender) if id_ in known), fresh)
        if (other := taken.setdefault(folder.casefold(), key)) != key:
            result.refused.append(
                f"{clean_name(sender.name)} and {clean_name(senders[other].name)} would share the "
                f"folder {clean_name(folder)}; tell them apart with --roster"
            )
            continue
        yield key, folder, person


def _lasting(sender: Sender) -> list[str]:
    """The ids that this person will also have in a later download."""
    return [id_.casefold() for id_ in sender.ids] if sender.has_lasting_ids else []


def _unlike_others(sender: Sender, namesakes: int) -> str:
    """The name, with a number if the number lasts or others have the same name."""
    number = sender.ids[0] if sender.ids and sender.ids[0] != sender.name else ""
    if not sender.has_lasting_ids and namesakes == 1:
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
