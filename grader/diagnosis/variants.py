"""A lesson in steps, with right and wrong versions of each step.

``tests/lessons/variants/<lesson>.py`` reads like the lesson. Its functions call steps; a function
that is marked with :func:`grader.testing.instead_of` is a wrong step::

    def mean(numbers):
        return total(numbers) / len(numbers)

    def total(numbers):
        return sum(numbers)

    @instead_of(total)
    def leaves_out_last(numbers):
        \"\"\"a sum without its last part

        1. …
        \"\"\"
        return sum(numbers[:-1])

A wrong step has the name of its mistake; ``leaves_out_last__loop`` is another coding of it.
Students read the docstring, as in a file of :mod:`grader.diagnosis.mistake_files`. If the mistake
has such a file, the step needs no docstring.

Any wrong steps make a version of the lesson together, if they replace different right ones.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import CodeType, FunctionType, ModuleType

from grader.course import Course, Lesson, read_text
from grader.course.module_files import FurtherModules, importable_modules
from grader.diagnosis.mistake_files import read_mistakes, read_shared_mistakes
from grader.diagnosis.mistakes import Mistake, parse_mistake
from grader.diagnosis.version_files import empty_module
from grader.errors import CourseError
from grader.sandbox.data_folder import beside_data


@dataclass(frozen=True, slots=True)
class WrongStep:
    """A function that replaces a step of the lesson and makes a mistake."""

    mistake: str  # the id
    step: str  # the name of the right step
    name: str  # the name of the wrong one


Steps = tuple[WrongStep, ...]  # of one version


class Variants:
    """The right and wrong steps of a lesson, and the versions that they make."""

    def __init__(
        self, course: Course, lesson: Lesson, references: Mapping[str, ModuleType]
    ) -> None:
        """Read the lesson's file.

        Args:
            course: the lesson's.
            lesson: it must have a file of variants.
            references: the solution of each lesson, by id.

        Raises:
            CourseError: the file cannot be executed, or a mistake lacks its sentence or hints.
        """
        self.where = course.shown(lesson.variants)
        self._lesson = lesson
        self._references = references
        self._code = _compile(lesson, self.where)
        self._module = self.module_of()
        self.wrong_steps = tuple(_wrong_steps(self._module))
        #: By id.
        self.mistakes: dict[str, Mistake] = {}
        words = read_shared_mistakes(course)
        words.update((mistake.id, mistake) for mistake in read_mistakes(course, lesson))
        for wrong in self.wrong_steps:
            text = inspect.getdoc(getattr(self._module, wrong.name))
            if text:
                where = f"{self.where}: {wrong.name}"
                self.mistakes.setdefault(wrong.mistake, parse_mistake(wrong.mistake, text, where))
            elif wrong.mistake in words:
                self.mistakes.setdefault(wrong.mistake, words[wrong.mistake])
        for wrong in self.wrong_steps:
            if wrong.mistake not in self.mistakes:
                raise CourseError(
                    f"{self.where}: `{wrong.name}` needs a docstring: a line that completes "
                    "“looks like …”, and three steps of hints"
                )

    def module_of(self, *wrong_steps: WrongStep) -> ModuleType:
        """A new module of the lesson with these wrong steps."""
        module = empty_module(self._lesson)
        with importable_modules(self._references), beside_data(module):
            try:
                exec(self._code, vars(module))  # noqa: S102  (the course's own code)
                FurtherModules(self._lesson).lend_names(module, self._references)
            except Exception as error:
                raise CourseError(
                    f"{self.where}: cannot be executed ({type(error).__name__}: {error})"
                ) from error
        for wrong in wrong_steps:
            setattr(module, wrong.step, getattr(module, wrong.name))
        return module

    @contextmanager
    def briefly(self, *wrong_steps: WrongStep) -> Iterator[ModuleType]:
        """The same in this block, without a new module, which takes no time."""
        module = self._module
        before = {wrong.step: getattr(module, wrong.step) for wrong in wrong_steps}
        for wrong in wrong_steps:
            setattr(module, wrong.step, getattr(module, wrong.name))
        try:
            yield module
        finally:
            vars(module).update(before)


def read_variants(
    course: Course, lesson: Lesson, references: Mapping[str, ModuleType]
) -> Variants | None:
    """Read the variants of a lesson; None if it has no file of them. Raises CourseError."""
    return Variants(course, lesson, references) if lesson.variants.is_file() else None


def _wrong_steps(module: ModuleType) -> Iterator[WrongStep]:
    for name, value in vars(module).items():
        step = getattr(value, "instead_of", None)
        if isinstance(value, FunctionType) and isinstance(step, str):
            yield WrongStep(name.partition("__")[0].replace("_", "-"), step, name)


def _compile(lesson: Lesson, where: str) -> CodeType:
    try:
        return compile(read_text(lesson.variants, where), str(lesson.variants), "exec")
    except (SyntaxError, ValueError) as error:
        raise CourseError(f"{where}: does not compile ({error})") from None
