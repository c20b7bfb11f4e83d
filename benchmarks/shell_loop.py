"""Bare pytest: a process for each lesson of each student, as in an instructor's shell loop."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lessons import number_of_checks, reference_sources
from measure import BenchmarkError, Usage, run

from grader.course import Course, Lesson

_HERE: Final = Path(__file__).parent
_CONFIG: Final = """\
[pytest]
markers =
    points(number): what the check is worth
    builds_on(name, ...): checks without which this one says nothing
"""

#: This environment has pytest plugins (hypothesis, and anyio's with Jupyter) that an instructor's
#: need not have: without them pytest starts several times as fast.
_WITHOUT_PLUGINS: Final = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


@dataclass(frozen=True, slots=True)
class ShellLoop:
    """A folder with the course's checks and a conftest.py that imports students in process."""

    course: Course
    root: Path

    def prepare(self) -> None:
        """Copy the checks; the two files of a lesson need two names."""
        self.root.mkdir(parents=True)
        (self.root / "pytest.ini").write_text(_CONFIG, "utf-8")
        shutil.copy(_HERE / "bare_conftest.py", self.root / "conftest.py")
        shutil.copy(_HERE / "in_process.py", self.root / "in_process.py")
        for lesson in self.course.lessons:
            for source, copy in zip(lesson.check_files, self._files(lesson), strict=True):
                shutil.copy(source, self.root / copy)
        sources = {
            lesson.id: reference_sources(self.course, lesson) for lesson in self.course.lessons
        }
        (self.root / "references.json").write_text(json.dumps(sources), "utf-8")

    def grade(
        self,
        students: Sequence[Path],
        *,
        lessons: Sequence[Lesson] | None = None,
        at_once: int = 1,
        plugins: bool = False,
    ) -> Usage:
        """Run pytest for lessons of these students' folders.

        Args:
            students: their folders.
            lessons: of the course; all, if left out.
            at_once: how many processes run at the same time.
            plugins: let pytest load the plugins that are installed, as it does by default.

        Raises:
            BenchmarkError: a run did not pass all checks of its lesson.
        """
        wanted = self.course.lessons if lessons is None else lessons
        runs = [(lesson, student) for student in students for lesson in wanted]
        commands = [self._command(lesson, student) for lesson, student in runs]
        environment = {} if plugins else _WITHOUT_PLUGINS
        usage = run(*commands, cwd=self.root, env=environment, at_once=at_once)
        for (lesson, student), output in zip(runs, usage.output, strict=True):
            last = output.splitlines()[-1]
            if not re.match(rf"{number_of_checks(lesson)} passed in ", last):
                raise BenchmarkError(f"pytest: {lesson.id} of {student.name}: {last}")
        return usage

    def _command(self, lesson: Lesson, student: Path) -> list[str]:
        # LESSON=… STUDENT=… python -m pytest -q …; env itself takes half a millisecond.
        return [
            "env",
            f"LESSON={lesson.id}",
            f"STUDENT={student}",
            *(sys.executable, "-m", "pytest", "-q"),
            *self._files(lesson),
        ]

    @staticmethod
    def _files(lesson: Lesson) -> list[str]:
        return [f"test_{lesson.id}_{path.parent.name}.py" for path in lesson.check_files]
