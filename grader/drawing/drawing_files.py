"""The course's code that says what is drawn of a lesson, and what it makes of student code.

``tests/lessons/drawings/<lesson>.py`` has a function ``draw(student, X, words)``, see
:mod:`.drawings`, and may have a function ``page``, see :mod:`.friend_page`. Both get the vectors of
the words, shape (n, d), and the words, and call the student's functions. With one more parameter,
``data``, they get the paths of the lesson's data files by name.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from types import ModuleType

from grader.checks.student import Callee, Student
from grader.course import Course, Lesson, read_text
from grader.drawing.words import Meanings
from grader.errors import CourseError
from grader.sandbox import wire
from grader.sandbox.faults import MissingFunction, Raised, StudentFault
from grader.text import clean


@dataclass(frozen=True, slots=True)
class NotDrawn:
    """The reason why a lesson cannot be drawn."""

    reason: str


@dataclass(frozen=True, slots=True)
class Computed:
    """What a function of the course returned."""

    value: object
    function: str  # the student's function that it called last


class DrawingFile:
    """The file of one lesson."""

    def __init__(self, course: Course, lesson: Lesson) -> None:
        """Load it.

        Raises:
            CourseError: it cannot be read or run.
        """
        self.where = course.shown(lesson.drawing)
        self.meanings = Meanings(course.show)
        self._data = lesson.data_files
        self.module = ModuleType("drawing")
        text = read_text(lesson.drawing, self.where)
        try:
            code = compile(text, str(lesson.drawing), "exec")
            exec(code, vars(self.module))  # noqa: S102  (the course's own code)
        except Exception as error:
            raise self.at_fault(f"{type(error).__name__}: {error}") from error

    def documentation(self, function: str) -> str:
        """The docstring of a function; "" if it has none."""
        return (getattr(self.module, function).__doc__ or "").strip()

    def compute(self, function: str, callee: Callee, words: tuple[str, ...]) -> Computed | NotDrawn:
        """What a function of the file makes of some words.

        Args:
            function: its name.
            callee: runs the student's functions.
            words: of a sentence.

        Raises:
            CourseError: the course's own function fails.
        """
        student = Student()
        student.begin_check(callee, ModuleType("reference"))
        try:
            code = getattr(self.module, function)
            with_data = "data" in inspect.signature(code).parameters
            more = {"data": self._data} if with_data else {}
            value = code(student, self.meanings.vectors(words), words, **more)
        except StudentFault as fault:
            call = student.last_call
            return NotDrawn(_explain(fault, call.function if call else "the program"))
        except (CourseError, wire.Unsendable):
            raise
        except Exception as error:
            if student.last_call is not None:  # the student's value may be the reason
                return NotDrawn(f"what `{student.last_call.function}` returns cannot be drawn")
            raise self.at_fault(f"{type(error).__name__}: {error}") from error
        call = student.last_call
        return Computed(value, call.function if call else "the program")

    def at_fault(self, reason: str) -> CourseError:
        """The error of a file that is wrong. It is the author's fault, not the student's."""
        return CourseError(f"{self.where}: nothing can be drawn with it ({reason})")


def _explain(fault: StudentFault, function: str) -> str:
    if isinstance(fault, Raised) and fault.type_name == "NotImplementedError":
        return f"`{function}` is not written yet"
    if isinstance(fault, MissingFunction):
        return f"there is no function `{function}` in the file"
    return f"`{function}` gives no answer: {clean(fault.in_words)}"
