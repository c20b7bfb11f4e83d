"""Warns students whose Python is newer than the one that grades."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import Final

from grader.course import Course
from grader.submissions.submission import Source, Submission
from grader.text import clean

_COMPILE: Final = """
import sys
try:
    compile(sys.stdin.buffer.read(), "lesson", "exec")
except SyntaxError as error:
    print(f"line {error.lineno}: {error.msg}")
"""
_SECONDS: Final = 20.0  # for a Python to start and compile


def warn_of_newer_python(course: Course, submission: Submission) -> Iterator[str]:
    """A sentence for each lesson that the Python that grades cannot compile, if it is older.

    Args:
        course: says which Python grades.
        submission: the student's lessons.
    """
    if course.python is None or course.python_version >= sys.version_info[:2]:
        return
    for source in submission.lessons.values():
        if isinstance(source, Source):
            cells = [
                (f"{source.filename}, cell {number}" if source.notebook else source.filename, cell)
                for number, cell in enumerate(source.cells, start=1)
            ]
            for where, cell in (*cells, *source.modules.items()):
                if said := _refusal(course, cell):
                    yield clean(
                        f"{where}, {said}. Your Python {sys.version_info[0]}.{sys.version_info[1]} "
                        f"reads this; Python {course.python}, which grades, does not",
                        300,
                    )


def _refusal(course: Course, text: str) -> str | None:
    """The line and the reason, if only the Python that grades cannot compile a text."""
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None  # a magic of Jupyter's, or a mistake that the checks have told of
    if real := shutil.which(f"python{course.python}"):
        try:
            done = subprocess.run(
                [real, "-I", "-c", _COMPILE],
                input=text.encode(),
                capture_output=True,
                check=True,
                timeout=_SECONDS,
            )
        except (OSError, subprocess.SubprocessError):
            pass  # it does not start: the grammar has to do
        else:
            return done.stdout.decode("utf-8", "replace").strip() or None
    try:
        ast.parse(text, feature_version=course.python_version)
    except SyntaxError as error:
        return f"line {error.lineno}: {error.msg}"
    return None
