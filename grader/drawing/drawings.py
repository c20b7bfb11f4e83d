"""What a student's own functions make of a sentence, as a matrix of words by words.

The course says how a lesson is drawn: ``tests/lessons/drawings/<lesson>.py`` has a function
``draw(student, X)``. It gets the embeddings of the words, shape (n, d), calls the student's
functions and returns a matrix of shape (n, n). Its docstring is the title of the drawing. A lesson
without such a file has no drawing.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

import numpy as np

from grader.checks.student import Callee, Student
from grader.course import Course, Lesson, read_text
from grader.drawing.embeddings import embed, split_words
from grader.errors import CourseError
from grader.sandbox import wire
from grader.sandbox.faults import MissingFunction, Raised, StudentFault
from grader.text import clean


@dataclass(frozen=True, slots=True)
class Drawing:
    """A matrix to draw: a row for each word that looks, a column for each that is looked at."""

    title: str
    words: tuple[str, ...]  # cleaned
    values: tuple[tuple[float, ...], ...]  # (n, n), finite

    def numbers(self) -> list[list[str]]:
        """The text of each cell: percent if every row adds up to 1, else one decimal."""
        percent = all(abs(sum(row) - 1) < 1e-3 and min(row) >= 0 for row in self.values)
        write = _percent if percent else _decimal
        return [[write(value) for value in row] for row in self.values]

    def shades(self) -> list[list[float]]:
        """How far each value lies between the lowest (or 0) and the highest, from 0 to 1."""
        halves = [[value / 2 for value in row] for row in self.values]  # whose distance is finite
        low = min(0.0, *map(min, halves))
        span = max(map(max, halves)) - low
        return [[(half - low) / span if span > 0 else 0.0 for half in row] for row in halves]


@dataclass(frozen=True, slots=True)
class NotDrawn:
    """Why there is nothing to see."""

    reason: str


def draw(
    course: Course, lesson: Lesson, callee: Callee, words: tuple[str, ...] | None = None
) -> Drawing | NotDrawn | None:
    """The drawing of a lesson; None if the lesson has none.

    Args:
        course: has the default sentence, and says which words have a meaning in common.
        lesson: a lesson of that course.
        callee: runs the student's functions.
        words: the sentence; the course's own if left out.

    Raises:
        CourseError: the course's own function fails.
    """
    if not lesson.drawing.is_file():
        return None
    where = course.shown(lesson.drawing)
    if words is None:
        words = split_words(course.show.sentence)
    module = ModuleType("drawing")
    student = Student()
    student.begin_check(callee, ModuleType("reference"))
    try:
        code = compile(read_text(lesson.drawing, where), str(lesson.drawing), "exec")
        exec(code, vars(module))  # noqa: S102  (the course's own code)
        drawn = module.draw(student, embed(words, course.show.alike))
    except StudentFault as fault:
        call = student.last_call
        return NotDrawn(_explain(fault, call.function if call else "the program"))
    except (CourseError, wire.Unsendable):
        raise
    except Exception as error:
        if student.last_call is not None:  # the student's value may be the reason
            return NotDrawn(f"what `{student.last_call.function}` returns cannot be drawn")
        reason = f"{type(error).__name__}: {error}"
        raise CourseError(f"{where}: nothing can be drawn with it ({reason})") from error
    values = _matrix(drawn, len(words))
    if values is None:
        function = student.last_call.function if student.last_call else "the program"
        return NotDrawn(
            f"`{function}` should give a number for each pair of words, "
            f"shape ({len(words)}, {len(words)}), and does not"
        )
    title = (module.draw.__doc__ or lesson.title).strip().partition("\n")[0]
    return Drawing(title, tuple(clean(word, 20) for word in words), values)


def _percent(value: float) -> str:
    return f"{100 * value:.0f}"


def _decimal(value: float) -> str:
    return f"{round(value, 1) + 0.0:.1f}" if abs(value) < 1000 else f"{value:.0e}"  # no -0.0


def _explain(fault: StudentFault, function: str) -> str:
    if isinstance(fault, Raised) and fault.type_name == "NotImplementedError":
        return f"`{function}` is not written yet"
    if isinstance(fault, MissingFunction):
        return f"there is no function `{function}` in the file"
    return f"`{function}` gives no answer: {clean(fault.told)}"


def _matrix(value: object, size: int) -> tuple[tuple[float, ...], ...] | None:
    """The value as rows of finite numbers; None if it is no matrix of shape (size, size)."""
    try:
        array = np.asarray(value)
    except ValueError:  # rows of different lengths
        return None
    if array.dtype.kind not in "biuf" or array.shape != (size, size):
        return None
    if not np.isfinite(array).all():
        return None
    return tuple(tuple(float(number) for number in row) for row in array)
