"""Makes nbgrader's source notebook of a lesson: text, answers, a test cell for each function."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import jupytext
from nbformat import NotebookNode, writes
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.utils import compute_checksum

from grader.classroom.graded_cells import TestCell, make_grade_id, test_cells
from grader.classroom.visible_folder import VISIBLE_CHECKS, make_visible_folder
from grader.course import Course, Lesson, read_text, sandbox_data
from grader.course.stubs import BEGIN, module_stubs, with_rules
from grader.errors import CourseError
from grader.grading.check_subjects import CheckSubject
from grader.results.parts import Part
from grader.submissions.notebooks import NOT_GRADED

_KERNEL: Final = {"name": "python3", "display_name": "Python 3", "language": "python"}
_SETUP: Final = f"""\
# Run this cell first. It brings the checks, and lets a lesson import your earlier ones.
import {VISIBLE_CHECKS}"""


def make_source_files(
    course: Course, subjects: Mapping[str, Sequence[CheckSubject]], part: Part | None = None
) -> Iterator[tuple[str, bytes]]:
    """All files of the assignment in nbgrader's ``source/``, by their path in it.

    Args:
        course: whose lessons.
        subjects: of the checks of each lesson.
        part: whose lessons alone the assignment has; those of the whole course if left out.

    Raises:
        CourseError: a lesson cannot be turned into a notebook.
    """
    for name in part.lessons if part else course.lesson_ids:
        lesson = course.lesson(name)
        notebook = make_source_notebook(course, lesson, subjects[lesson.id])
        yield f"{lesson.id}.ipynb", f"{writes(notebook)}\n".encode()
        for path, text in module_stubs(course, lesson).items():
            yield path, text.encode()
    yield from sandbox_data(course).items()
    for path, data in make_visible_folder(course, subjects).items():
        yield f"{VISIBLE_CHECKS}/{path}", data


def make_source_notebook(
    course: Course, lesson: Lesson, checks: Sequence[CheckSubject]
) -> NotebookNode:
    """The instructor's version of a lesson, with the answers in it.

    Raises:
        CourseError: written answers stand in one cell with something else.
    """
    shown = course.shown(lesson.solution)
    text = with_rules(read_text(lesson.solution, shown), course)
    script = jupytext.reads(text, fmt="py:percent")
    waiting = {cell.subject: cell for cell in test_cells(checks)}
    cells: list[NotebookNode] = []
    placed_setup = False
    for cell in script.cells:
        if cell.cell_type == "code" and not placed_setup:
            cells.append(_setup_cell())
            placed_setup = True
        names = _names(cell, shown)
        if lesson.written and lesson.answers_in in names:
            cells += _written_cells(lesson, cell, names, shown)
        elif BEGIN in cell.source and cell.cell_type == "code":
            cells.append(_cell(cell, make_grade_id("answer", "-".join(names)), solution=True))
        else:
            cells.append(_cell(cell))
        cells += [_test_cell(lesson, waiting.pop(name)) for name in names if name in waiting]
    cells += [_test_cell(lesson, cell) for cell in waiting.values()]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    return NotebookNode(
        nbformat=4, nbformat_minor=5, metadata={"kernelspec": dict(_KERNEL)}, cells=cells
    )


def put_aside(folder: Path, names: Sequence[str]) -> Path | None:
    """Move files that are about to be replaced; return where they are now, None if there are none.

    Args:
        folder: the classroom; a folder ``replaced`` in it takes them, one number for each time.
        names: their paths in it.
    """
    if not names:
        return None
    number = 1
    while (kept := folder / "replaced" / str(number)).exists():
        number += 1
    for name in names:
        place = kept / name
        place.parent.mkdir(parents=True, exist_ok=True)
        (folder / name).rename(place)
    return kept


def _setup_cell() -> NotebookNode:
    cell = _cell(new_code_cell(_SETUP), "setup", locked=True)
    cell.metadata["tags"] = [NOT_GRADED]
    return cell


def _test_cell(lesson: Lesson, test: TestCell) -> NotebookNode:
    source = (
        f"# {test.points:g} point{'s' * (test.points != 1)} for {test.subject}. "
        "Run this cell to see what the visible checks say.\n"
        f"{VISIBLE_CHECKS}.run({lesson.id!r}, {test.subject!r})"
    )
    return _cell(new_code_cell(source), test.grade_id, points=test.points, grade=True, locked=True)


def _written_cells(
    lesson: Lesson, cell: NotebookNode, names: Sequence[str], shown: str
) -> Iterator[NotebookNode]:
    """A heading and an answer that a person marks, for each written question."""
    if names != [lesson.answers_in]:
        raise CourseError(f"{shown}: put {lesson.answers_in} into a cell of its own")
    try:
        answers = ast.literal_eval(_value(ast.parse(cell.source)))
    except ValueError:
        raise CourseError(f"{shown}: {lesson.answers_in} must be a dict of plain texts") from None
    for question in lesson.written:
        yield _cell(new_markdown_cell(f"### {question.title}"))
        text = str(answers.get(question.id, "")).strip()
        answer = _cell(
            new_markdown_cell(text),
            make_grade_id("written", question.id),
            points=question.points,
            grade=True,
            solution=True,
        )
        answer.metadata["grader"] = {"dict": lesson.answers_in, "key": question.id}
        yield answer


def _value(tree: ast.Module) -> ast.expr:
    (statement,) = tree.body
    assert isinstance(statement, ast.Assign | ast.AnnAssign)
    assert statement.value is not None
    return statement.value


def _names(cell: NotebookNode, shown: str) -> list[str]:
    """The names that a code cell defines, in order: functions, classes and variables."""
    if cell.cell_type != "code":
        return []
    try:
        tree = ast.parse(cell.source)
    except SyntaxError:
        raise CourseError(f"{shown}: a cell does not compile by itself:\n{cell.source}") from None
    names: list[str] = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.append(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names += [target.id for target in targets if isinstance(target, ast.Name)]
    return names


def _cell(cell: NotebookNode, name: str = "", points: float | None = None, **kind: bool) -> Any:
    """Make a cell. With flags (solution, locked, grade), nbgrader knows it."""
    cell.metadata = NotebookNode()
    if not kind:
        return cell
    mark: dict[str, Any] = {
        "schema_version": 3,
        "grade_id": name,
        **dict.fromkeys(("grade", "locked", "solution", "task"), False),
        **kind,
        "cell_type": cell.cell_type,
    }
    if points is not None:
        mark["points"] = points
    cell.metadata["nbgrader"] = NotebookNode(mark)
    mark["checksum"] = compute_checksum(cell)
    cell.metadata["nbgrader"] = NotebookNode(mark)
    return cell
