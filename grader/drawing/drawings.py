"""What a student's own functions make of a sentence, as a matrix of words by words.

How a lesson is drawn is up to the course: ``tests/lessons/drawings/<lesson>.py`` holds a function
``draw(student, X)``, which gets the embeddings of the words, shape (n, d), calls the student's
functions and returns a matrix of shape (n, n). Its docstring says what is seen. Lessons without
such a file have no drawing.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

import numpy as np

from grader.checks.student import Callee, Student
from grader.course import Course, Lesson, read_text
from grader.drawing.embeddings import embed, words_of
from grader.errors import CourseError
from grader.sandbox import wire
from grader.sandbox.faults import MissingFunction, Raised, StudentFault
from grader.text import clean


@dataclass(frozen=True, slots=True)
class Drawing:
    """A matrix to be drawn: a row for each word that looks, a column for each that is looked at."""

    title: str
    words: tuple[str, ...]  # cleaned
    values: tuple[tuple[float, ...], ...]  # (n, n), finite

    def numbers(self) -> list[list[str]]:
        """What stands in each cell: percent if the rows are shares, else one decimal."""
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


def rising(shade: float) -> tuple[int, int, int]:
    """The colour (red, green, blue) of a shade from 0 to 1: from white to dark blue."""
    red, green, blue = (round(255 + (end - 255) * shade) for end in (8, 48, 107))
    return red, green, blue


def draw(
    course: Course, lesson: Lesson, callee: Callee, words: tuple[str, ...] | None = None
) -> Drawing | NotDrawn | None:
    """The drawing of a lesson; None if the lesson has none.

    Args:
        course: it belongs to; knows the sentence, and which words mean alike.
        lesson: which one.
        callee: runs the student's functions.
        words: the sentence; the course's own if left out.

    Raises:
        CourseError: the course's function fails by itself.
    """
    if not lesson.drawing.is_file():
        return None
    where = course.shown(lesson.drawing)
    if words is None:
        words = words_of(course.show.sentence)
    module = ModuleType("drawing")
    student = Student()
    student.become(callee, ModuleType("reference"))
    try:
        code = compile(read_text(lesson.drawing, where), str(lesson.drawing), "exec")
        exec(code, vars(module))  # noqa: S102  (the course's own code)
        drawn = module.draw(student, embed(words, course.show.alike))
    except StudentFault as fault:
        call = student.last_call
        return NotDrawn(_because(fault, call.function if call else "the program"))
    except (CourseError, wire.Unsendable):
        raise
    except Exception as error:
        if student.last_call is not None:  # it may have met a value that nobody expects
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


def _because(fault: StudentFault, function: str) -> str:
    if isinstance(fault, Raised) and fault.type_name == "NotImplementedError":
        return f"`{function}` is not written yet"
    if isinstance(fault, MissingFunction):
        return f"there is no function `{function}` in the file"
    return f"`{function}` gives no answer: {clean(str(fault))}"


def _matrix(value: object, size: int) -> tuple[tuple[float, ...], ...] | None:
    """The value as rows of finite numbers, if it is a matrix of that size."""
    try:
        array = np.asarray(value)
    except ValueError:  # rows of different lengths
        return None
    if array.dtype.kind not in "biuf" or array.shape != (size, size):
        return None
    if not np.isfinite(array).all():
        return None
    return tuple(tuple(float(number) for number in row) for row in array)
