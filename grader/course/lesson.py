"""A lesson: its entry in course.yaml, its written questions, and the places of its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from grader.course.originals import ORIGINALS
from grader.course.settings import Text
from grader.course.yaml_file import is_file

HINT_STEPS: Final = 3  # a question, the place to look, almost the code


class Written(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question whose answer is a text that a person marks."""

    id: Text
    title: Text
    points: float
    words: int = 0  # at least; a learner hears that a shorter answer is short


class LessonEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry below ``lessons:``."""

    id: Text
    title: Text
    points: float
    minutes: int = 0  # that it takes a learner; 0 if nobody has said so
    requires: tuple[str, ...] = ()
    data: tuple[Text, ...] = ()  # files beside it, by their paths from there; see `data_files`
    files: tuple[Text, ...] = ()  # scripts and packages beside it; see `module_files`
    hints: Mapping[str, Any] = {}  # checked with the other contradictions, see :class:`Lesson`
    written: tuple[Any, ...] = ()
    answers_in: str = "EXPLANATIONS"
    quiz_feedback: bool = True  # students' copies tell how many letters of a quiz are right


class Lesson(LessonEntry, frozen=True, kw_only=True):
    """One lesson: its entry in course.yaml, and the absolute paths of its files.

    ``hints`` has three steps for each function or question. A person marks the questions in
    ``written``; the lesson holds their answers in the dict named ``answers_in``.
    """

    root: Path
    released: bool = False  # a student's copy: no solution, no hidden checks
    opens_data: bool = False  # it, or another lesson of the course, has data files
    hints: Mapping[str, Sequence[str]] = {}
    written: tuple[Written, ...] = ()

    def __hash__(self) -> int:
        return hash((self.root, self.id))  # a mapping has no hash

    def shown(self, path: Path) -> str:
        """A path of the course for messages: relative to the course's folder."""
        return path.relative_to(self.root).as_posix()

    @property
    def solution(self) -> Path:
        """The reference lesson, the only hand-written source of its text."""
        return self.root / "solutions" / f"{self.id}.py"

    @property
    def stub(self) -> Path:
        """The file that students start from: the solution without its answers."""
        return self.root / "exercises" / f"{self.id}.py"

    @property
    def original(self) -> Path:
        """In a student's copy of the course, the stub as it was released."""
        return self.root / ORIGINALS / f"{self.id}.py"

    @property
    def reference(self) -> Path:
        """The solution; in a student's copy of the course, the stub."""
        return self.original if self.released else self.solution

    @property
    def data_files(self) -> dict[str, Path]:
        """The data files beside the reference, by their paths from there."""
        return {name: self.reference.parent / name for name in self.data}

    @property
    def modules(self) -> dict[str, Path]:
        """The further modules beside the reference, by their paths from there."""
        folder = self.reference.parent
        texts: dict[str, Path] = {}
        for name in self.files:
            scripts = [folder / name] if name.endswith(".py") else (folder / name).rglob("*.py")
            for path in sorted(scripts):
                below = path.relative_to(folder)
                if not any(part.startswith((".", "__pycache__")) for part in below.parts):
                    texts[below.as_posix()] = path
        return texts

    @property
    def data_folder(self) -> Path | None:
        """The folder in which the reference finds all data files; None if the course has none."""
        return self.reference.parent if self.opens_data else None

    @property
    def drawing(self) -> Path:
        """The code that draws what the student's functions return; the file need not exist."""
        return self.root / "tests" / "lessons" / "drawings" / f"{self.id}.py"

    @property
    def visible_checks(self) -> Path:
        """Checks that students get too; the file need not exist."""
        return self.root / "tests" / "lessons" / "visible" / f"test_{self.id}.py"

    @property
    def hidden_checks(self) -> Path:
        """Checks that only the grader sees; the file need not exist."""
        return self.root / "tests" / "lessons" / "hidden" / f"test_{self.id}.py"

    @property
    def misconceptions(self) -> Path:
        """The folder of known-wrong versions; it need not exist."""
        return self.root / "tests" / "lessons" / "misconceptions" / self.id

    @property
    def variants(self) -> Path:
        """The lesson in steps, with wrong ones beside the right ones; the file need not exist."""
        return self.root / "tests" / "lessons" / "variants" / f"{self.id}.py"

    @property
    def evidence(self) -> Path:
        """The author's rules for what wrong values say; the file need not exist."""
        return self.root / "tests" / "lessons" / "evidence" / f"{self.id}.py"

    @property
    def accepted(self) -> Path:
        """The folder of right but unusual versions; it need not exist."""
        return self.root / "tests" / "lessons" / "accepted" / self.id

    @property
    def probes(self) -> Path:
        """Calls that tell the known-wrong versions apart; the file need not exist."""
        return self.root / "tests" / "lessons" / "probes" / f"{self.id}.py"

    @property
    def sealed_mistakes(self) -> Path:
        """In a student's copy of the course, the known mistakes; the file need not exist."""
        return self.root / "tests" / "lessons" / "known_mistakes" / f"{self.id}.sealed"

    @property
    def quiz_keys(self) -> Path:
        """In a student's copy of the course, the keys of its quizzes; the file need not exist."""
        return self.root / "tests" / "lessons" / "quiz_keys" / f"{self.id}.json"

    @property
    def check_files(self) -> tuple[Path, ...]:
        """The check files that exist, visible ones first."""
        return tuple(path for path in (self.visible_checks, self.hidden_checks) if is_file(path))
