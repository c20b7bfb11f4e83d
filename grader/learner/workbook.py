"""A student's own copy of the lessons: the files, and what commands remember.

They remember the points and how many steps of each hint were given, in ``.grader/`` beside
course.yaml. Everything works if that is lost or cannot be written.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import msgspec

from grader.course import Course, Lesson, read_text
from grader.course.data_files import has_content, read_data
from grader.course.stubs import module_stubs, stub_of
from grader.errors import GraderError
from grader.files import whole_file, write_whole
from grader.grading.lesson_fingerprints import LessonFingerprints
from grader.learner.progress import Progress, first_unfinished
from grader.submissions.found_files import ENDINGS
from grader.submissions.intake import take_in_one
from grader.submissions.submission import HandedIn, Source, Submission

MEMORY: Final = ".grader"


class Workbook:
    """The files of one student, in ``exercises/`` of the course's folder."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self.folder = course.root / "exercises"

    def read(self) -> Submission:
        """All lessons as they are on disk now, without those that are not there.

        Raises:
            IntakeError: the folder cannot be read.
        """
        if not any(map(self.files, self.course.lessons)):
            return Submission("you", {})
        ids = self.course.lesson_ids
        cap = self.course.limits.file_kib * 1024
        modules = self.course.module_paths
        return take_in_one(self.folder, ids, max_file_bytes=cap, modules=modules, deep=False)

    def lesson_named(self, wanted: str) -> Lesson:
        """The lesson of this id, file name or number.

        Raises:
            CourseError: there is none; the message names the lessons.
        """
        lessons = self.course.lessons
        if wanted.isdecimal() and 1 <= int(wanted) <= len(lessons):
            return lessons[int(wanted) - 1]
        path = Path(wanted)
        return self.course.lesson(path.stem if path.suffix in ENDINGS else wanted)

    def choose_lesson(self, wanted: str | None, submission: Submission) -> Lesson:
        """The lesson with this id; without an id, the first unfinished one, or else the last."""
        if wanted is not None:
            return self.course.lesson(wanted)
        progress = self.valid_progress(submission)
        return first_unfinished(self.course, progress) or self.course.lessons[-1]

    def file(self, lesson: Lesson, handed_in: HandedIn | None = None) -> Path:
        """The file that counts for a lesson; the script, if there is none."""
        if isinstance(handed_in, Source):
            return self.folder / handed_in.filename
        files = self.files(lesson)
        return max(files, key=lambda path: path.lstat().st_mtime_ns, default=lesson.stub)

    def files(self, lesson: Lesson) -> list[Path]:
        """A lesson's files that exist: the script, the notebook, both or none."""
        paths = [self.folder / f"{lesson.id}{ending}" for ending in ENDINGS]
        return [path for path in paths if path.is_symlink() or path.exists()]

    def modules(self, handed_in: HandedIn | None) -> list[Path]:
        """The files of the further modules that were read with a lesson."""
        paths = handed_in.modules if isinstance(handed_in, Source) else ()
        return [self.folder / path for path in paths]

    def reset(self, lesson: Lesson) -> list[Path]:
        """Write a lesson's original script, after moving the lesson's files to the backups.

        The notebook is moved, too, since it would count in the script's place. Further modules and
        data files that are missing or changed are written as well.

        Returns:
            The backups.

        Raises:
            GraderError: a file cannot be moved or written; nothing is lost.
        """
        original = self.original(lesson)
        kept = self.put_aside(lesson)
        write_whole(lesson.stub, [original])
        beside = read_data([lesson])
        beside |= {name: text.encode() for name, text in self.original_modules(lesson).items()}
        for name, content in beside.items():
            if not has_content(path := self.folder / name, content):
                kept += self._put_aside(lesson, [path])
                with whole_file(path) as file:
                    file.write(content)
        self.forget_hints(lesson)
        return kept

    def put_aside(self, lesson: Lesson) -> list[Path]:
        """Move a lesson's files to the backups; return where they are now.

        Raises:
            GraderError: one cannot be moved.
        """
        return self._put_aside(lesson, self.files(lesson))

    def _put_aside(self, lesson: Lesson, paths: Sequence[Path]) -> list[Path]:
        backups = self.course.root / MEMORY / "backups"
        kept: list[Path] = []
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            for path in paths:
                path.parent.mkdir(parents=True, exist_ok=True)
                if not (path.is_symlink() or path.exists()):
                    continue
                backups.mkdir(parents=True, exist_ok=True)
                number = 1
                while (backup := backups / f"{path.stem}-{number}{path.suffix}").exists():
                    number += 1
                kept.append(path.rename(backup))
        except OSError as error:
            raise GraderError(f"{lesson.id} is left as it is: {error.strerror or error}") from error
        return kept

    def original(self, lesson: Lesson) -> str:
        """The lesson's script as the student got it.

        Raises:
            CourseError: it cannot be read, or not made from the solution.
        """
        where = self.course.shown(lesson.reference)
        if lesson.released:
            return read_text(lesson.reference, where)
        return stub_of(self.course, lesson)

    def original_modules(self, lesson: Lesson) -> dict[str, str]:
        """The further modules as the student got them, by their paths from the lesson.

        Raises:
            CourseError: see :meth:`original`.
        """
        if not lesson.released:
            return module_stubs(self.course, lesson)
        files = lesson.modules.items()
        return {name: read_text(path, self.course.shown(path)) for name, path in files}

    def fingerprint(self, submission: Submission) -> dict[str, str]:
        """The fingerprint of all that a check depends on, by lesson.

        Raises:
            CourseError: a file of the course cannot be read.
        """
        fingerprints = LessonFingerprints(self.course).compute(submission)
        return {lesson: fingerprint.digest.hex() for lesson, fingerprint in fingerprints.items()}

    # ---- the memory

    def progress(self) -> dict[str, Progress]:
        """The results of the last checks, by lesson; a lesson without a check has no entry."""
        progress: dict[str, Progress] = {}
        for name, entry in self._recall("progress").items():
            try:
                progress[name] = msgspec.convert(entry, Progress)
            except msgspec.ValidationError:  # written by another version, or by hand
                continue
        return progress

    def valid_progress(self, submission: Submission) -> dict[str, Progress]:
        """The same, without lessons that have changed since their last check."""
        latest = self.progress()
        return {
            lesson: latest[lesson]
            for lesson, fingerprint in self.fingerprint(submission).items()
            if lesson in latest and latest[lesson].fingerprint == fingerprint
        }

    def remember(self, lesson: Lesson, progress: Progress) -> None:
        """Keep the result of a check."""
        self._store("progress", self._recall("progress") | {lesson.id: asdict(progress)})

    def hints_given(self) -> dict[str, int]:
        """How many steps of each hint were given, by the hint's key."""
        return {name: n for name, n in self._recall("hints").items() if isinstance(n, int)}

    def remember_hint(self, key: str, steps: int) -> None:
        """Keep how many steps of a hint were given."""
        self._store("hints", self.hints_given() | {key: steps})

    def forget_hints(self, lesson: Lesson) -> None:
        """Start a lesson's hints again from their first steps."""
        kept = {
            name: n for name, n in self.hints_given().items() if name.partition("/")[0] != lesson.id
        }
        self._store("hints", kept)

    def quiz_attempts(self, quiz: str) -> dict[str, list[str]]:
        """The letters of earlier attempts at a quiz, and the questions that they got right."""
        attempts = self._recall("quizzes").get(quiz)
        if not isinstance(attempts, dict):
            return {}
        return {letters: right for letters, right in attempts.items() if isinstance(right, list)}

    def remember_attempt(self, quiz: str, letters: str, right: Sequence[str]) -> None:
        """Keep how an attempt at a quiz went."""
        attempts = self.quiz_attempts(quiz) | {letters: list(right)}
        self._store("quizzes", self._recall("quizzes") | {quiz: attempts})

    def _recall(self, key: str) -> dict[str, Any]:
        try:
            value = json.loads((self.course.root / MEMORY / f"{key}.json").read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}

    def _store(self, key: str, value: Mapping[str, Any]) -> None:
        folder = self.course.root / MEMORY
        try:
            folder.mkdir(exist_ok=True)
            write_whole(folder / f"{key}.json", [json.dumps(value, indent=1)])
        except (OSError, GraderError):
            return  # a read-only folder: the next command checks again
