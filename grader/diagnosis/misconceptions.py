"""What students are known to get wrong, lesson by lesson, as code that gets it wrong.

Each is an overlay of the solution (:mod:`grader.diagnosis.overlays`), ``<id>.py``, whose docstring
is what students read: a first line that completes "looks like …", and three steps of hints, from a
question to almost the code. Files ``<id>__<anything>.py`` are other code with the same mistake, and
need no docstring.

``tests/lessons/probes/<lesson>.py`` holds calls that tell these mistakes apart; see
:mod:`grader.diagnosis.known`.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, ModuleType
from typing import Final

from grader.course import Course, Lesson, read_text
from grader.diagnosis.attribution import Mistake
from grader.diagnosis.overlays import Overlay, known_wrong
from grader.errors import CourseError

STEPS: Final = 3  # of a hint: a question, the place to look, almost the code

_STEP: Final = re.compile(r"^\s*(\d)\.\s+", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Misconception(Mistake):
    """One way to get a lesson wrong, with the code that does."""

    versions: tuple[Overlay, ...]  # code with this mistake; the first is ``<id>.py``


def misconceptions_of(course: Course, lesson: Lesson) -> tuple[Misconception, ...]:
    """The known mistakes of a lesson, by id; none if its folder is not there.

    Raises:
        CourseError: a file cannot be read, or a mistake lacks its sentence or hints; a line each.
    """
    versions: dict[str, list[Overlay]] = {}
    for overlay in known_wrong(course, lesson):
        versions.setdefault(overlay.misconception, []).append(overlay)
    found: list[Misconception] = []
    problems: list[str] = []
    for name, overlays in versions.items():
        try:
            found.append(_read(course, lesson, name, overlays))
        except CourseError as error:
            problems.append(str(error))
    if problems:
        raise CourseError("\n".join(problems))
    return tuple(found)


def _read(course: Course, lesson: Lesson, name: str, overlays: list[Overlay]) -> Misconception:
    where = course.shown(lesson.misconceptions / f"{name}.py")
    first, *others = sorted(overlays, key=lambda overlay: (overlay.is_variant, overlay.path))
    if first.is_variant:
        raise CourseError(
            f"{where}: is missing, but {course.shown(first.path)} is there as another version of it"
        )
    try:
        text = ast.get_docstring(ast.parse(first.text)) or ""
    except (SyntaxError, ValueError) as error:
        raise CourseError(f"{where}: does not compile ({error})") from None
    mistake = read_words(name, text, where)
    return Misconception(name, mistake.effect, mistake.hints, (first, *others))


def read_words(mistake: str, text: str, where: str) -> Mistake:
    """A mistake, as its docstring tells of it.

    Args:
        mistake: its id.
        text: the docstring.
        where: it stands, for messages.

    Raises:
        CourseError: the sentence or the hints are missing.
    """
    effect, *parts = _STEP.split(text)
    numbers, hints = parts[::2], tuple(" ".join(part.split()) for part in parts[1::2])
    if not effect.strip() or numbers != [str(n + 1) for n in range(STEPS)] or not all(hints):
        raise CourseError(
            f"{where}: needs a docstring: a line that completes “looks like …”, "
            "and three steps of hints, `1.`, `2.` and `3.`"
        )
    return Mistake(mistake, " ".join(effect.split()), hints)


class Overlaid:
    """Makes modules of a lesson's solution with other code laid over it."""

    def __init__(
        self, course: Course, lesson: Lesson, references: Mapping[str, ModuleType]
    ) -> None:
        self._course = course
        self._lesson = lesson
        self._references = references
        text = read_text(lesson.solution, course.shown(lesson.solution))
        self._solution = self._compiled(text, lesson.solution)

    def module(self, overlay: Overlay) -> ModuleType:
        """The solution, with the overlay's functions in the place of its own.

        Raises:
            CourseError: the overlay does not compile, or stops while it is executed.
        """
        code = self._compiled(overlay.text, overlay.path)
        module = empty_module(self._lesson)
        with importable({**self._references, self._lesson.id: module}):
            try:
                exec(self._solution, vars(module))  # noqa: S102  (the course's own code)
                exec(code, vars(module))  # noqa: S102
            except Exception as error:
                raise CourseError(
                    f"{self._course.shown(overlay.path)}: cannot be laid over the solution "
                    f"({type(error).__name__}: {error})"
                ) from error
        return module

    def _compiled(self, text: str, path: Path) -> CodeType:
        try:
            return compile(text, str(path), "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            raise CourseError(f"{self._course.shown(path)}: does not compile ({error})") from None


def empty_module(lesson: Lesson) -> ModuleType:
    """A module for a solution and what is laid over it. It knows its file, as an imported one."""
    module = ModuleType(lesson.id)
    module.__file__ = str(lesson.solution)
    return module


@contextmanager
def importable(modules: Mapping[str, ModuleType]) -> Iterator[None]:
    """Let ``import`` find these modules by these names, and afterwards what it found before."""
    before = {name: sys.modules.get(name) for name in modules}
    sys.modules.update(modules)
    try:
        yield
    finally:
        for name, module in before.items():
            if module is None:
                sys.modules.pop(name, None)
            else:
                sys.modules[name] = module
