"""The files of a download, sorted by sender and lesson; the best file of each counts."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from grader.errors import GraderError, IntakeError
from grader.exchange.download_paths import HandedOver, PathReader, Sender
from grader.exchange.downloads import DownloadedFile, unpacked
from grader.submissions.archives import MAX_ARCHIVE_BYTES
from grader.submissions.folders import ENDINGS
from grader.submissions.lesson_names import guess_lesson
from grader.submissions.notebooks import MAX_NOTEBOOK_BYTES
from grader.text import clean_name, make_encodable
from grader.text.wording import list_some


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
    missing: list[str] = field(default_factory=list)  # people without any file; cleaned


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that may count for a lesson; its bytes are on disk."""

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


class Sorter:
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
        self.best: dict[str, dict[str, Candidate]] = {}  # sender → lesson → what counts
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
        staged = Candidate(
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

    def _counts(self, staged: Candidate, lesson: str) -> bool:
        """Whether a file is the best of anybody who handed it in; a group has several senders."""
        return any(self.best.get(key, {}).get(lesson) is staged for key in staged.senders)

    def _keep_better(self, sender: str, lesson: str, staged: Candidate) -> None:
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
