"""A real nbgrader course directory, made from the lessons, and what nbgrader does with it."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from lessons import (
    CheckFile,
    CheckText,
    check_files,
    percent_cells,
    reference_sources,
    student_names,
    student_source,
)
from measure import BenchmarkError, Usage, run

from grader.course import Course, Lesson

_Json = dict[str, Any]

_CONFIG: Final = """\
import logging

c = get_config()
c.CourseDirectory.root = {root!r}
c.CourseDirectory.course_id = "benchmark"
logging.getLogger("alembic").setLevel(logging.WARNING)
"""
_IN_PROCESS: Final = Path(__file__).with_name("in_process.py")
_TAG: Final = "nbgrader"


@dataclass(frozen=True, slots=True)
class Classroom:
    """An nbgrader course directory: one assignment, of one notebook, for each lesson."""

    course: Course
    root: Path
    students: int

    def prepare(self) -> None:
        """Make the source notebooks, have nbgrader make the releases, hand in for everyone."""
        self.root.mkdir(parents=True)
        config = _CONFIG.format(root=str(self.root))
        (self.root / "nbgrader_config.py").write_text(config, "utf-8")
        for lesson in self.course.lessons:
            source = self.root / "source" / lesson.id / f"{lesson.id}.ipynb"
            source.parent.mkdir(parents=True)
            source.write_text(json.dumps(_source_notebook(self.course, lesson)), "utf-8")
            self._nbgrader("generate_assignment", lesson.id)
            for student in student_names(self.students):
                self._hand_in(lesson, student)

    def autograde(self, lesson: Lesson) -> Usage:
        """``nbgrader autograde`` for all students; what is already graded, it leaves alone."""
        return self._nbgrader("autograde", lesson.id, "--create")

    def check_marks(self) -> None:
        """Look into the gradebook.

        Raises:
            BenchmarkError: a student did not get full marks.
        """
        from nbgrader.api import Gradebook  # noqa: PLC0415  (imported when the clocks are off)

        with Gradebook(f"sqlite:///{self.root}/gradebook.db", "benchmark") as gradebook:
            for lesson in self.course.lessons:
                submissions = gradebook.assignment_submissions(lesson.id)
                scores = {entry.student_id: entry.score for entry in submissions}
                possible = gradebook.find_assignment(lesson.id).max_score
                if possible != lesson.points:
                    raise BenchmarkError(f"nbgrader: {lesson.id} is worth {possible:g} points")
                if scores != dict.fromkeys(student_names(self.students), lesson.points):
                    raise BenchmarkError(f"nbgrader: not all full marks in {lesson.id}: {scores}")

    def _hand_in(self, lesson: Lesson, student: str) -> None:
        """The release with the student's answers in it, and the earlier lessons beside it."""
        path = self.root / "release" / lesson.id / f"{lesson.id}.ipynb"
        notebook = json.loads(path.read_text("utf-8"))
        answers = [text for kind, text in _cells(lesson) if _is_answer(kind, text)]
        blanks = [cell for cell in notebook["cells"] if _mark(cell).get("solution")]
        for cell, answer in zip(blanks, answers, strict=True):
            released = "".join(cell["source"])
            if "BEGIN SOLUTION" in released or "NotImplementedError" not in released:
                raise BenchmarkError(f"nbgrader: the release of {lesson.id} gives the answer away")
            cell["source"] = f"{answer}\n# handed in by {student}, {_TAG}"
        folder = self.root / "submitted" / student / lesson.id
        folder.mkdir(parents=True)
        (folder / path.name).write_text(json.dumps(notebook), "utf-8")
        for name in [*reference_sources(self.course, lesson)][:-1]:
            text = student_source(self.course.lesson(name), student, _TAG)
            (folder / f"{name}.py").write_text(text, "utf-8")

    def _nbgrader(self, *arguments: str) -> Usage:
        return _command("nbgrader", *arguments, cwd=self.root)


@dataclass(frozen=True, slots=True)
class BulkClassroom:
    """The classroom that ``grader classroom init`` makes of the whole course."""

    course: Course
    root: Path
    students: int

    def prepare(self) -> None:
        """Make the classroom, and hand in right answers for everyone."""
        self.root.mkdir(parents=True)
        _command(
            "grader", "--course", str(self.course.root), "classroom", "init", ".", cwd=self.root
        )
        _command("nbgrader", "generate_assignment", self.course.id, cwd=self.root)
        texts = {
            path.name: path.read_text("utf-8")
            for path in (self.root / "source" / self.course.id).glob("*.ipynb")
        }
        for student in student_names(self.students):
            folder = self.root / "submitted" / student / self.course.id
            folder.mkdir(parents=True)
            for name, text in texts.items():
                notebook = json.loads(text)
                for cell in notebook["cells"]:
                    if _mark(cell).get("solution") and cell["cell_type"] == "code":
                        cell["source"] = [*cell["source"], f"\n# handed in by {student}, {_TAG}"]
                (folder / name).write_text(json.dumps(notebook), "utf-8")

    def autograde(self) -> Usage:
        """``grader classroom autograde`` for all students."""
        return _command("grader", "classroom", "autograde", self.course.id, cwd=self.root)

    def check_marks(self) -> None:
        """Look into the gradebook.

        Raises:
            BenchmarkError: a student did not get all the points that no person gives.
        """
        from nbgrader.api import Gradebook  # noqa: PLC0415  (imported when the clocks are off)

        full = sum(
            lesson.points - sum(question.points for question in lesson.written)
            for lesson in self.course.lessons
        )
        with Gradebook(f"sqlite:///{self.root}/gradebook.db", self.course.id) as gradebook:
            submissions = gradebook.assignment_submissions(self.course.id)
            scores = {entry.student_id: entry.score for entry in submissions}
        if scores != dict.fromkeys(student_names(self.students), full):
            raise BenchmarkError(f"grader classroom autograde: not all full marks: {scores}")


def _command(command: str, *arguments: str, cwd: Path) -> Usage:
    return run([sys.executable, "-m", command, *arguments], cwd=cwd, env=_environment(cwd))


def _environment(root: Path) -> dict[str, str]:
    """Folders of its own, so that nobody's Jupyter settings have a say."""
    home = root.with_name("jupyter")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    folders = {"HOME": home} | {
        f"{name}_DIR": home / name.lower()
        for name in ("JUPYTER_CONFIG", "JUPYTER_DATA", "JUPYTER_RUNTIME")
    }
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    return {
        **{name: str(folder) for name, folder in folders.items()},
        "IPYTHONDIR": str(home / "ipython"),
        "PATH": path,  # `python` of the kernel python3 is ours
    }


def _cells(lesson: Lesson) -> Sequence[tuple[str, str]]:
    return percent_cells(lesson.solution.read_text("utf-8"))


def _is_answer(kind: str, text: str) -> bool:
    return kind == "code" and "### BEGIN SOLUTION" in text


def _mark(cell: _Json) -> _Json:
    """What nbgrader knows of a cell."""
    mark: _Json = cell["metadata"].get("nbgrader", {})
    return mark


def _source_notebook(course: Course, lesson: Lesson) -> _Json:
    """The instructor's version: the lesson, then a test cell for every check."""
    cells: list[_Json] = []
    for number, (kind, text) in enumerate(_cells(lesson)):
        if kind == "markdown":
            cells.append(_markdown_cell(text, f"text-{number}"))
        elif _is_answer(kind, text):
            cells.append(_cell(text, f"answer-{number}", solution=True))
        else:
            cells.append(_cell(text, f"code-{number}"))
    setup = f"{_IN_PROCESS.read_text('utf-8')}\n\nstudent = Student(globals())"
    cells.append(_cell(setup, "setup", locked=True))
    for file in check_files(lesson):
        cells += _test_cells(course, lesson, file)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": kernel},
        "cells": cells,
    }


def _test_cells(course: Course, lesson: Lesson, file: CheckFile) -> Iterator[_Json]:
    if file.hidden:
        sources = json.dumps(reference_sources(course, lesson))
        sources = re.sub("### (BEGIN|END) SOLUTION", "", sources)  # here, nbgrader shall not cut
        helpers = f"{file.helpers}\n\n\nreference = load_reference({sources})"
        yield _test_cell("hidden-helpers", _hide(helpers), 0)
    else:
        yield _cell(file.helpers, "visible-helpers", locked=True)
    for check in file.checks:
        source = _hide(_run(check)) if file.hidden else _run(check)
        yield _test_cell(check.name, source, check.points)


def _run(check: CheckText) -> str:
    values = {"rng": f"rng_for({check.name!r})"}
    arguments = ", ".join(values.get(argument, argument) for argument in check.arguments)
    return f"{check.source}\n\n\n{check.name}({arguments})"


def _hide(source: str) -> str:
    return f"### BEGIN HIDDEN TESTS\n{source}\n### END HIDDEN TESTS"


def _test_cell(name: str, source: str, points: float) -> _Json:
    cell = _cell(source, name, locked=True, grade=True)
    _mark(cell)["points"] = points
    return cell


def _cell(source: str, name: str, **kind: bool) -> _Json:
    """A code cell; one of some kind (solution, locked, grade) is nbgrader's, too."""
    mark = {
        "schema_version": 3,
        "grade_id": name,
        **dict.fromkeys(("grade", "locked", "solution", "task"), False),
        **kind,
    }
    return {
        "cell_type": "code",
        "id": name[:64],
        "metadata": {"nbgrader": mark} if kind else {},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def _markdown_cell(source: str, name: str) -> _Json:
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": source}
