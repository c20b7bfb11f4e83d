"""Checks in a notebook's kernel: ``from grader import check``, then ``check("<lesson>")``.

It checks the cells that were run, saved or not, if they define one of the lesson's functions;
otherwise it checks the lesson's file. The checked code runs in a process of its own, as everywhere.
In the kernel, other lessons can be imported, whether they are scripts or notebooks.
"""

from __future__ import annotations

import ast
import html
import importlib.abc
import importlib.machinery
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from grader.course import Course, Lesson, find_course
from grader.drawing import heatmap
from grader.drawing.drawings import Drawing
from grader.errors import GraderError
from grader.learner.checking import Checked, Checker
from grader.learner.workbook import Workbook
from grader.reports import lesson_text
from grader.reports.statuses import LOOKS
from grader.results import LessonResult, LessonStatus
from grader.results.message import Row, write
from grader.submissions.submission import Source, Submission
from grader.text import clean


@dataclass(frozen=True, slots=True)
class Shown:
    """The output of a cell: a table and a heat map, or text where only text is shown."""

    text: str
    html: str = ""

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str | None:
        return self.html or None


def check(lesson: str | None = None) -> Shown:
    """Check a lesson of the course in whose folder the notebook lies.

    Args:
        lesson: its name; left out, the one whose functions the notebook defines.
    """
    try:
        workbook = _workbook_here()
        submission = workbook.read()
        cells = _executed_cells()
        wanted = _choose_lesson(workbook, lesson, cells)
        if _defined_names(cells) & _lesson_functions(workbook, wanted):
            submission = _replace_lesson(workbook.course, submission, wanted, cells)
        with Checker(workbook) as checker:
            checked = checker.check(wanted, submission)
    except GraderError as error:
        return Shown(f"✗ {clean(str(error), 2000, multiline=True)}")
    result = checked.as_shown(workbook.course)
    said = lesson_text.render(result, hidden_points=checked.hidden_points)
    said += "".join(f"\n✗ {refusal}.\n" for refusal in checked.refused)
    said += "".join(f"\n{remark}\n" for remark in checked.remarks)
    if checked.unfinished:
        said = f"{_begin_earlier(checked)}\n"
    return Shown(said, _as_html(checked, result))


def _begin_earlier(checked: Checked) -> str:
    """The earlier lesson that comes first, and how to check it in a cell."""
    return f'{checked.say_where_to_begin()}\n    check("{checked.unfinished[0]}")'


def import_lessons_here() -> None:
    """Let ``import`` find lessons that are notebooks."""
    if not any(isinstance(finder, LessonFinder) for finder in sys.meta_path):
        sys.meta_path.append(LessonFinder())


class LessonFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports a lesson's notebook, where no module of that name is found otherwise."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """A spec if the nearest course has a lesson of that name, and it is a notebook."""
        try:
            workbook = _workbook_here()
        except GraderError:
            return None
        if not any(lesson.id == name for lesson in workbook.course.lessons):
            return None
        if not isinstance(source := workbook.read().lessons.get(name), Source):
            return None
        spec = importlib.machinery.ModuleSpec(name, self, origin=source.filename)
        spec.loader_state = source
        return spec

    def exec_module(self, module: ModuleType) -> None:
        """Run the cells: magics are left out, and a cell that fails is named."""
        from grader.sandbox.inside.magics import compile_cell  # noqa: PLC0415

        assert module.__spec__ is not None
        source: Source = module.__spec__.loader_state
        for number, cell in enumerate(source.cells, start=1):
            where = f"{source.filename}, cell {number}"
            try:
                exec(compile_cell(cell, where), vars(module))  # noqa: S102
            except Exception as error:
                if not source.notebook:
                    raise
                print(f"{where} failed: {type(error).__name__}: {error}")  # noqa: T201


def _workbook_here() -> Workbook:
    return Workbook(Course.load(find_course(Path.cwd())))


def _executed_cells() -> tuple[str, ...]:
    """The cells that this kernel has run, in order; none without IPython."""
    ipython: Any = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is None:
        return ()
    return tuple(str(cell) for cell in shell.user_ns.get("In", [])[1:])


def _defined_names(cells: Sequence[str]) -> set[str]:
    """The names of functions and tables that cells define, except in cells with magics."""
    names: set[str] = set()
    for cell in cells:
        try:
            body = ast.parse(cell).body
        except (SyntaxError, ValueError, RecursionError):
            continue
        for node in body:
            if isinstance(node, ast.FunctionDef):
                names.add(node.name)
            elif isinstance(node, ast.Assign):
                names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                names.add(node.target.id)
    return names


def _lesson_functions(workbook: Workbook, lesson: Lesson) -> set[str]:
    """The names that a lesson asks for: the functions of its original, else its tables."""
    body = ast.parse(workbook.original(lesson)).body
    functions = {node.name for node in body if isinstance(node, ast.FunctionDef)}
    return functions or _defined_names([workbook.original(lesson)])


def _choose_lesson(workbook: Workbook, name: str | None, cells: Sequence[str]) -> Lesson:
    if name is not None:
        return workbook.lesson_named(name)
    defined = _defined_names(cells)
    for lesson in workbook.course.lessons:
        if defined & _lesson_functions(workbook, lesson):
            return lesson
    names = ", ".join(workbook.course.lesson_ids)
    raise GraderError(f'Which lesson? check("…") takes one of these: {names}')


def _replace_lesson(
    course: Course, submission: Submission, lesson: Lesson, cells: tuple[str, ...]
) -> Submission:
    mine = Source(f"{lesson.id}.ipynb", cells, notebook=True)
    if isinstance(saved := submission.lessons.get(lesson.id), Source):
        mine = replace(mine, modules=saved.modules, absent=saved.absent)
    lessons = dict(submission.lessons) | {lesson.id: mine}
    order = [lesson.id for lesson in course.lessons if lesson.id in lessons]
    return replace(submission, lessons={name: lessons[name] for name in order})


def _as_html(checked: Checked, result: LessonResult) -> str:
    """A table with a row for each check, one failure in full, and the heat map."""
    escape = html.escape
    if checked.unfinished:  # what fails here may come from there
        return f"<pre>{escape(_begin_earlier(checked))}</pre>"
    if result.status is not LessonStatus.GRADED:
        return f"<pre>{escape(lesson_text.render(result))}</pre>"
    lines: list[str] = []
    telling = lesson_text.choose_failure(result)
    for entry in result.checks:
        sign = LOOKS[entry.status].sign
        said = ""
        if entry is telling:
            said = entry.message or ""
            if entry.hint:
                said += "\n" + write([Row("hint", entry.hint)])
            said = f"<pre>{escape(said)}</pre>"
        lines.append(
            f'<tr><td>{sign}</td><td style="text-align:left">{escape(entry.title)}{said}</td></tr>'
        )
    passed, total = checked.progress
    head = f"{escape(result.lesson)}: {passed} of {total} checks"
    parts = [f"<table><caption>{head}</caption>{''.join(lines)}</table>"]
    parts += [f"<p>✗ {escape(refusal)}.</p>" for refusal in checked.refused]
    parts += [f"<p>{escape(remark)}</p>" for remark in checked.remarks]
    if checked.hidden_points:
        parts.append("<p>Hidden checks remain: they run when you hand in.</p>")
    if isinstance(checked.drawing, Drawing) and passed:
        parts.append(heatmap.as_svg(checked.drawing))
    return "".join(parts)
