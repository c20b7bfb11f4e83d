"""An nbgrader course: `source/ASSIGNMENT/*.ipynb`, with its solutions, test cells and points."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from grader.errors import IntakeError
from grader.importing import notebook_lessons
from grader.importing.cell_names import find_needs, parse
from grader.importing.check_files import tests_something
from grader.importing.draft import Draft, DraftCell, DraftCheck, DraftLesson, LeftOver
from grader.importing.notebook_lessons import (
    LessonText,
    as_answer,
    identifier,
    unique,
    visible_part,
    without_lines,
)
from grader.importing.source_files import data_beside, lesson_id, modules_beside, read_source
from grader.submissions.notebooks import Cell, read_cells, read_json, text_of
from grader.text.wording import take_out_markdown

_BEGIN_HIDDEN: Final = "BEGIN HIDDEN TESTS"
_END_HIDDEN: Final = "END HIDDEN TESTS"
_AUTOTEST: Final = "AUTOTEST "
_MARKED: Final = "Marked by a person; the source has no model answer."
#: A name that nbgrader has made up.
_MADE_UP: Final = re.compile(r"cell-?[0-9a-f]{6,}$")


def find_notebooks(source: Path) -> list[tuple[str, Path]]:
    """The notebooks of a course's `source` folder, each with its assignment; none if it is none."""
    folder = source / "source" if (source / "source").is_dir() else source
    if folder.name != "source":
        return []
    notebooks = [
        (path.relative_to(folder).parts, path)
        for path in sorted(folder.rglob("*.ipynb"))
        if not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]
    return [(parts[0], path) for parts, path in notebooks if len(parts) > 1]


def read_course(
    source: Path,
    notebooks: list[tuple[str, Path]],
    *,
    texts: Mapping[tuple[str, str], str] = MappingProxyType({}),
) -> Draft:
    """Draft a course: one lesson for each notebook that is graded.

    Args:
        source: the folder, for the title.
        notebooks: each with its assignment.
        texts: of test cells, by their notebook and grade id, where another one counts than the
            source's: nbgrader makes some of them itself.
    """
    title = source.resolve().parent.name if source.name == "source" else source.resolve().name
    draft = Draft(title, "an nbgrader course", stop_cell_at_error=True)
    several = len({assignment for assignment, _ in notebooks}) > 1
    questions: set[str] = set()
    for assignment, path in notebooks:
        where = f"{assignment}/{path.name}"
        try:
            data = read_source(path)
            cells = read_cells(data, where)
            numbered = enumerate(cells, start=1)
            tests = [
                test for n, cell in numbered if (test := _test_cell(n, cell, where, path.stem))
            ]
            draft.cells += tests
            _refuse_other_languages(data, where)
        except IntakeError as error:
            draft.left_over.append(LeftOver(where, str(error)))
            continue
        if not any(mark_of(cell) for cell in cells):
            draft.left_over.append(LeftOver(where, "has no cells of nbgrader's"))
            continue
        taken = {lesson.id for lesson in draft.lessons}
        name = f"{assignment}_{path.stem}" if several else path.stem
        modules = modules_beside(path, _codes(cells), where, draft.left_over)
        reader = _NotebookReader(lesson_id(name, taken), where, draft, questions, modules)
        lesson = reader.read(cells, texts)
        lesson.part = assignment if several else ""
        code = [lesson.solution, *lesson.names.tests, *modules.values()]
        lesson.data = data_beside(path, code, where, draft.left_over)
        if lesson.checks or lesson.written:
            draft.lessons.append(lesson)
        else:
            draft.left_over.append(LeftOver(where, "has nothing that gives points"))
    return draft


def _refuse_other_languages(data: bytes, where: str) -> None:
    """Raise IntakeError if a notebook is for the kernel of another language than Python."""
    metadata = read_json(data, where).get("metadata")
    about = metadata if isinstance(metadata, dict) else {}
    for place, key in (("kernelspec", "language"), ("language_info", "name")):
        named = about.get(place)
        language = named.get(key) if isinstance(named, dict) else None
        if isinstance(language, str) and not language.lower().startswith("python"):
            raise IntakeError(f"is written in {language}, and not in Python")


def _codes(cells: Iterable[Cell]) -> Iterator[str]:
    """The code in cells, tests included, as plain Python."""
    for cell in cells:
        with suppress(TypeError):  # told where the cell is read
            if cell.get("cell_type") == "code":
                yield notebook_lessons.without_magics(text_of(cell))


def _test_cell(number: int, cell: Cell, where: str, notebook: str) -> DraftCell | None:
    """A cell with tests, whatever its language; None if it is none."""
    mark = mark_of(cell)
    is_test = mark.get("grade") is True and mark.get("solution") is not True
    if not is_test or cell.get("cell_type") != "code":
        return None
    name = _name_of(mark, number)
    return DraftCell(f"{where}, cell {name}", notebook, name, _points(mark))


def _name_of(mark: Mapping[str, Any], number: int) -> str:
    grade_id = mark.get("grade_id")
    return grade_id if isinstance(grade_id, str) and grade_id else f"cell-{number}"


class _NotebookReader:
    """Makes a lesson of a notebook."""

    def __init__(
        self, lesson: str, where: str, draft: Draft, questions: set[str], modules: Mapping[str, str]
    ) -> None:
        """Prepare.

        Args:
            lesson: its id.
            where: the notebook, for messages.
            draft: has the notebook's test cells, and gets what cannot come over.
            questions: the ids that written questions of the course have already.
            modules: the scripts beside the notebook that come along.
        """
        self._questions = questions
        self._text = LessonText()
        self._lesson = DraftLesson(lesson, "", where, "")
        self._lesson.modules = {name: text.encode() for name, text in modules.items()}
        self._lesson.names.modules = {
            name.removesuffix(".py").removesuffix("/__init__").replace("/", "."): text
            for name, text in modules.items()
        }
        self._left_over, self._by_hand = draft.left_over, draft.by_hand
        self._cells = {
            cell.grade_id: cell for cell in draft.cells if cell.where.startswith(f"{where}, ")
        }
        self._where = where
        self._taken: set[str] = set()
        self._unwritten: list[str] = []  # cells for answers that have none

    def read(self, cells: list[Cell], texts: Mapping[tuple[str, str], str]) -> DraftLesson:
        """The lesson; for the arguments see :func:`read_course`."""
        for number, cell in enumerate(cells, start=1):
            mark = mark_of(cell)
            name = _name_of(mark, number)
            try:
                text = text_of(cell)
            except TypeError:
                self._leave(name, "its source is not text")
                continue
            if cell_with_tests := self._cells.get(name):
                text = texts.get((cell_with_tests.notebook, name), text)
            self._read_cell(name, text, cell.get("cell_type") == "code", mark)
        lesson = self._lesson
        lesson.title = self._text.title or lesson.id.replace("_", " ").capitalize()
        lesson.solution = str(self._text)
        if self._unwritten:
            names = ", ".join(self._unwritten)
            reason = f"has no solution in {names}: is it the students' version?"
            self._left_over.append(LeftOver(self._where, reason))
        return lesson

    def _leave(self, cell: str, reason: str) -> None:
        self._left_over.append(LeftOver(f"{self._where}, cell {cell}", reason))

    def _read_cell(self, name: str, text: str, is_code: bool, mark: Mapping[str, Any]) -> None:
        is_graded, is_answer = mark.get("grade") is True, mark.get("solution") is True
        if not is_code:
            if mark.get("task") is True or (is_graded and is_answer):
                self._add_question(name, text, mark)
            else:
                self._text.add_text(text)
        elif is_graded and not is_answer:
            self._add_test(name, text, _points(mark))
        else:
            if is_graded:
                self._by_hand.append(f"{self._where}, cell {name}")
                self._leave(
                    name,
                    f"a person marks this code ({_points(mark):g} points): it is an answer without "
                    "points now; write a check, or ask for words about it (`written:`)",
                )
            self._add_code(name, text, is_answer=is_answer)

    def _add_code(self, name: str, text: str, *, is_answer: bool) -> None:
        code = notebook_lessons.without_magics(text)
        if parse(code) is None:
            self._leave(name, "is no Python that compiles; it is a comment now")
            self._text.add_comment(code)
            return
        if is_answer or "BEGIN SOLUTION" in code:
            is_answer = not notebook_lessons.is_unwritten(code)
            if not is_answer:
                self._unwritten.append(name)
        if is_answer:
            code, is_all = as_answer(code)
            if is_all and "BEGIN SOLUTION" in text:
                self._leave(
                    name, "its markers do not stand around whole statements; all of it is an answer"
                )
        self._lesson.names.add(code, is_answer=is_answer)
        self._text.add_code(code)

    def _add_question(self, name: str, text: str, mark: Mapping[str, Any]) -> None:
        is_task = mark.get("task") is True
        if is_task:
            self._text.add_text(_without_mark_scheme(text))
        points = _points(mark)
        if not points:
            if not is_task:
                self._text.add_text(text)
            return
        title = notebook_lessons.first_line(self._text.last_text, name)
        if _MADE_UP.match(name):
            name = f"question_{len(self._lesson.written) + 1}"
        if name in self._questions:
            name = f"{self._lesson.id}_{name}"
        question = unique(name, self._questions)
        self._questions.add(question)
        self._lesson.written.append({"id": question, "title": title, "points": points})
        self._text.ask(question, _MARKED if is_task else text)

    def _add_test(self, name: str, text: str, points: float) -> None:
        cell = self._cells[name]
        where, cell.lesson = cell.where, self._lesson.id
        if _AUTOTEST in text:
            self._leave(name, "has `AUTOTEST` lines, from which nbgrader makes its tests")
            return
        code = notebook_lessons.without_magics(text)
        visible, has_hidden = visible_part(code, _BEGIN_HIDDEN, _END_HIDDEN)
        code = without_lines(code, [_BEGIN_HIDDEN, _END_HIDDEN])
        if has_hidden and not points:
            self._leave(name, "its hidden tests give no points, and stay behind")
            code, has_hidden = visible, False
        if parse(code) is None:
            self._leave(name, "is no Python that compiles")
            return
        if not tests_something(code):
            cell.is_empty = True
            self._leave(name, f"tests nothing ({points:g} points, which everybody gets)")
            return
        names = self._lesson.names
        before = len(names.tests)
        names.add_test(code)
        test = self._name(name, code)
        title = _title(name, code, self._lesson)
        anchor = self._text.add_anchor(test)
        check = DraftCheck(where, test, title, code, points, before=before, anchor=anchor)
        check.names = names.copy()
        if has_hidden:
            if tests_something(visible) and parse(visible) is not None:
                check.builds_on = test
                shown = replace(check, code=visible, points=0, builds_on="")
                self._lesson.checks.append(shown)
                cell.checks.append(test)
                check.name = unique(f"{test}_hidden", self._taken)
                self._taken.add(check.name)
            check.hidden = True
        self._lesson.checks.append(check)
        cell.checks.append(check.name)

    def _name(self, cell: str, code: str) -> str:
        name = cell
        if _MADE_UP.match(cell):
            used = sorted(find_needs(code, self._lesson.names).students)
            name = used[0] if used else f"cell_{len(self._lesson.names.tests)}"
        name = identifier(name, "cell")
        test = unique(name if name.startswith("test_") else f"test_{name}", self._taken)
        self._taken.add(test)
        return test


def _title(cell: str, code: str, lesson: DraftLesson) -> str:
    """A sentence for a test that has none: its name in words, or the names that it tests."""
    if not _MADE_UP.match(cell):
        words = re.sub(r"[-_]+", " ", cell).strip()
        return take_out_markdown(f"{words[:1].upper()}{words[1:]}.")
    used = sorted(find_needs(code, lesson.names).students)
    return f"Tests of {', '.join(used)}." if used else "A test."


def _points(mark: Mapping[str, Any]) -> float:
    points = mark.get("points")
    is_number = isinstance(points, int | float) and 0 <= points < math.inf
    return float(points) if is_number and points else 0.0


def mark_of(cell: Cell) -> Mapping[str, Any]:
    """What nbgrader has noted of a cell; empty if it does not know it."""
    metadata = cell.get("metadata")
    mark = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return mark if isinstance(mark, dict) else {}


def _without_mark_scheme(text: str) -> str:
    return visible_part(text, "BEGIN MARK SCHEME", "END MARK SCHEME")[0]
