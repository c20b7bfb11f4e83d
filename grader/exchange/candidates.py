"""The files of a download, sorted by sender and lesson; the best file of each counts."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from grader.errors import IntakeError
from grader.exchange.download_paths import HandedOver, PathReader, Sender
from grader.submissions.archives import Budget, archive_stem, expand
from grader.submissions.found_files import ENDINGS, FoundFile, is_ignored, problem_of_place
from grader.submissions.lesson_names import guess_lesson, is_disguised, split_ending
from grader.submissions.module_files import module_at
from grader.submissions.notebooks import MAX_NOTEBOOK_BYTES
from grader.text import clean_name, make_encodable


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
    on_the_roster: int = 0  # senders who were found there


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that may count for a lesson; its bytes are on disk."""

    senders: tuple[str, ...]  # their keys
    original: str
    inside: tuple[str, ...]  # the path within the hand-in
    ending: str
    is_exact: bool
    attempt: tuple[int, ...]
    changed: tuple[int, ...]
    late: bool | None
    submitted: str | None
    path: Path
    sha256: str

    @property
    def rank(self) -> tuple[bool, tuple[int, ...], int, bool]:
        """The largest counts: the lesson's own name, the last attempt, the nearest to the top."""
        return (self.is_exact, self.attempt, -len(self.inside), not is_disguised(self.inside[-1]))

    @property
    def version(self) -> tuple[int, ...]:
        """The larger one of two in different downloads was handed in later."""
        return (*self.attempt, *self.changed)


@dataclass(slots=True)
class _Contest:
    """The best candidates for one lesson of one sender."""

    best: list[Candidate]  # of equal rank, and all different

    def decide(self) -> Candidate | None:
        """The one that counts; None if a person has to choose."""
        if len(self.best) == 1:
            return self.best[0]
        newest = max(
            self.best, key=lambda candidate: (candidate.changed, candidate.ending == ENDINGS[0])
        )
        one_folder = len({candidate.inside[:-1] for candidate in self.best}) == 1
        two_forms = len({candidate.ending for candidate in self.best}) == len(self.best)
        return newest if newest.is_exact and one_folder and two_forms else None


class Sorter:
    """Sorts files by sender and lesson, and keeps the best of each."""

    def __init__(
        self,
        stage: Path,
        read: PathReader,
        lessons: Sequence[str],
        only: str | None,
        result: Collection,
        *,
        modules: Sequence[str] = (),
    ) -> None:
        self.senders: dict[str, Sender] = {}
        self.best: dict[str, dict[str, Candidate]] = {}  # sender → lesson → what counts
        self._contests: dict[tuple[str, str], _Contest] = {}  # of a sender and a lesson
        self._stage = stage
        self._read = read
        self._lessons = lessons
        self._only = only
        self._modules = modules  # further ones of lessons, by their paths
        self._result = result
        self._strangers: dict[str, list[str]] = {}  # sender → files that are no lessons
        self._told: set[str] = set()  # senders of whose files one is to be looked at already
        self._count = 0

    def take(self, file: FoundFile) -> None:
        """Take a file as a candidate for a lesson, or say why it is none."""
        handed_over = None if problem_of_place(file.parts) else self._read(file.parts)
        if handed_over is None:
            name = file.name
            if file.problem:
                self._result.refused.append(f"{file.shown}: {file.problem}")
            elif split_ending(name) or archive_stem(name):
                self._result.refused.append(f"{file.shown}: its path does not say who handed it in")
            else:
                self._result.notes.append(f"ignored, being no lesson: {file.shown}")
            return
        if is_ignored(handed_over.inside):
            return
        for sender in handed_over.senders:
            self.senders.setdefault(sender.key, sender)
        for inner in expand(file, Budget(file.shown)):
            self._take_one(
                inner, handed_over, (*handed_over.inside, *inner.parts[len(file.parts) :])
            )

    def finish(self) -> None:
        """Decide what counts, and tell from whom no lesson came."""
        for (key, lesson), contest in self._contests.items():
            if winner := contest.decide():
                self.best.setdefault(key, {})[lesson] = winner
                self._note_second(contest, winner)
                continue
            paths = " and ".join(
                sorted(clean_name(candidate.original) for candidate in contest.best)
            )
            self._refuse([key], f"{paths}: each could be {lesson}, and they differ; none was taken")
        for key, files in self._strangers.items():
            said = f"{clean_name(self.senders[key].name)}: no lesson in {', '.join(files)}"
            if key not in self.best and key not in self._told:
                self._result.refused.append(said)
            else:
                self._result.notes.append(f"ignored, being no lesson: {', '.join(files)}")

    def _note_second(self, contest: _Contest, winner: Candidate) -> None:
        for other in contest.best:
            if other is not winner:
                age = "of equal age" if other.changed == winner.changed else "the last attempt"
                self._note_loser(winner, other, age)

    def _refuse(self, keys: Sequence[str], sentence: str) -> None:
        self._told.update(keys)
        if sentence not in self._result.refused:  # a group's file is told once
            self._result.refused.append(sentence)

    def _take_one(self, file: FoundFile, handed_over: HandedOver, inside: tuple[str, ...]) -> None:
        keys = [sender.key for sender in handed_over.senders]
        if split_ending(inside[-1]) is None and not file.problem:
            for key in keys:
                self._strangers.setdefault(key, []).append(file.shown)
            return
        if not file.problem and (module := self._module(inside)) is not None:
            self._stage_file(
                file, handed_over, inside, module.removesuffix(ENDINGS[0]), is_exact=True
            )
            return
        guess = guess_lesson(inside[-1], self._lessons)
        lesson = guess.lessons[0] if len(guess.lessons) == 1 else None
        if self._only is not None and not guess.is_exact:
            lesson = self._only
        if file.problem:
            self._refuse(keys, f"{file.shown}: {file.problem}")
        elif lesson is None:
            which = f"could be {' or '.join(guess.lessons)}" if guess.lessons else "fits no lesson"
            self._refuse(keys, f"{file.shown}: {clean_name(inside[-1])} {which}; rename it")
        else:
            self._stage_file(file, handed_over, inside, lesson, is_exact=guess.is_exact)

    def _module(self, inside: tuple[str, ...]) -> str | None:
        """The further module that a file is; also with a platform's number of a second upload."""
        if path := module_at(inside, self._modules):
            return path
        named = [path for path in self._modules if "/" not in path]
        guess = guess_lesson(inside[-1], [path.removesuffix(ENDINGS[0]) for path in named])
        return f"{guess.lessons[0]}{ENDINGS[0]}" if guess.is_exact else None

    def _stage_file(
        self,
        file: FoundFile,
        handed_over: HandedOver,
        inside: tuple[str, ...],
        lesson: str,
        *,
        is_exact: bool,
    ) -> None:
        keys = tuple(sender.key for sender in handed_over.senders)
        try:
            data = file.read(MAX_NOTEBOOK_BYTES)
        except IntakeError as error:
            self._refuse(keys, f"{file.shown}: {error}")
            return
        self._count += 1
        path = self._stage / str(self._count)
        path.write_bytes(data)
        _, ending = split_ending(inside[-1]) or ("", ENDINGS[0])
        staged = Candidate(
            keys,
            make_encodable("/".join(file.parts)),
            inside,
            ending,
            is_exact,
            handed_over.attempt,
            file.changed,
            handed_over.late,
            handed_over.submitted,
            path,
            hashlib.sha256(data).hexdigest(),
        )
        for key in keys:
            self._keep_better(key, lesson, staged)
        self._drop_unless_it_counts(staged, lesson)

    def _keep_better(self, sender: str, lesson: str, staged: Candidate) -> None:
        contest = self._contests.setdefault((sender, lesson), _Contest([]))
        if not contest.best or staged.rank == contest.best[0].rank:
            if all(candidate.sha256 != staged.sha256 for candidate in contest.best):
                contest.best.append(staged)
            return
        if staged.rank < contest.best[0].rank:
            self._note_loser(contest.best[0], staged)
            return
        beaten, contest.best = contest.best, [staged]
        for other in beaten:
            self._note_loser(staged, other)
            self._drop_unless_it_counts(other, lesson)

    def _drop_unless_it_counts(self, staged: Candidate, lesson: str) -> None:
        """Delete a file that does not count, so a thousand attempts need no more space than one."""
        contests = (self._contests.get((key, lesson)) for key in staged.senders)
        if not any(contest and staged in contest.best for contest in contests):
            staged.path.unlink()

    def _note_loser(self, winner: Candidate, loser: Candidate, why_so: str | None = None) -> None:
        if why_so is None and loser.is_exact != winner.is_exact:
            why_so = f"called {PurePosixPath(winner.inside[-1]).stem}"
        elif why_so is None and loser.attempt != winner.attempt:
            why_so = "the last attempt"
        self._result.notes.append(
            f"{clean_name(winner.original)} counts, and not {clean_name(loser.original)}: "
            f"{why_so or 'nearer to the top'}"
        )
