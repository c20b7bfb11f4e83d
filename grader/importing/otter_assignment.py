"""An Otter assignment: the author's notebook, or one with solutions and tests in or beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from grader.course.stubs import BEGIN, END
from grader.errors import IntakeError
from grader.importing import notebook_lessons
from grader.importing.cell_names import CellNames, parse
from grader.importing.check_files import tests_something
from grader.importing.draft import Draft, DraftCheck, DraftLesson, LeftOver
from grader.importing.notebook_lessons import LessonText, as_answer, identifier, unique
from grader.importing.otter_tests import (
    Case,
    as_points,
    case_of_cell,
    read_test,
    read_test_file,
    read_yaml,
    share_points,
)
from grader.importing.source_files import data_beside, lesson_id, read_source, read_text_source
from grader.submissions.notebooks import Cell, read_cells, read_json, text_of

_DIRECTIVE: Final = re.compile(
    r"^(?:```\w*\s*\n)?\s*#+\s*(BEGIN|END) (\w+)[^\n]*\n?(.*)", re.DOTALL
)
_CONFIG: Final = re.compile(r"^(?:```\w*\s*\n)?\s*#+\s*ASSIGNMENT CONFIG")
_OF_OTTER: Final = re.compile(
    r"^\s*(?:import otter\b|from otter\b|grader\s*=\s*otter|grader\.\w+\(|ok\.\w+\(|_\s*=\s*ok\.)",
    re.MULTILINE,
)
_CHECK: Final = re.compile(r"(?:grader\.check|ok\.grade)\(\s*['\"]([\w.-]+)['\"]")
_PROMPT: Final = re.compile(
    r"^[ \t]*(?:\"\"\"|''') *# *BEGIN PROMPT.*?(?:\"\"\"|''') *;? *# *END PROMPT[^\n]*\n?",
    re.DOTALL | re.MULTILINE,
)
_IGNORED: Final = re.compile(
    r"^[ \t]*# *BEGIN IGNORE\b.*?# *END IGNORE[^\n]*\n?|^[^\n]*# *IGNORE[ \t]*$\n?",
    re.DOTALL | re.MULTILINE,
)
_LINE: Final = re.compile(r"\s*#+ *SOLUTION\b[^\n]*$", re.IGNORECASE)


def find_assignments(source: Path) -> list[Path]:
    """The notebooks of Otter's; the authors' own, if there are any."""
    notebooks = [source] if source.suffix == ".ipynb" else []
    if source.is_dir():
        hidden = (path for path in sorted(source.rglob("*.ipynb")))
        notebooks = [
            path
            for path in hidden
            if not any(part.startswith(".") for part in path.relative_to(source).parts)
        ]
    authors = [path for path in notebooks if _is_authors(path)]
    if authors:
        return authors
    made = [path for path in notebooks if _test_files(path) or _tests_inside(path)]
    return [path for path in made if not (path.parent.name == "student" and len(made) > 1)]


def read_course(source: Path, notebooks: Sequence[Path]) -> Draft:
    """Draft a course: one lesson for each notebook."""
    folder = source if source.is_dir() else source.parent
    draft = Draft(source.resolve().stem, "an Otter assignment", stop_cell_at_error=True)
    for path in notebooks:
        where = path.relative_to(folder).as_posix()
        try:
            cells = read_cells(read_source(path), where)
        except IntakeError as error:
            draft.left_over.append(LeftOver(where, str(error)))
            continue
        taken = {lesson.id for lesson in draft.lessons}
        reader = _NotebookReader(lesson_id(path.stem, taken), where, draft.left_over)
        if _is_authors(path):
            lesson = reader.read_authors(cells)
        else:
            files, inside = _test_files(path), _tests_inside(path)
            lesson = reader.read_made(cells, _students_cells(path), files, inside)
        lesson.data = data_beside(path, [lesson.solution], where, draft.left_over)
        if lesson.checks or lesson.written:
            draft.lessons.append(lesson)
        else:
            draft.left_over.append(LeftOver(where, "has nothing that gives points"))
    return draft


def _is_authors(path: Path) -> bool:
    """Whether Otter makes its files of this notebook."""
    try:
        data = read_source(path)
        cells = read_cells(data, path.name) if b"BEGIN QUESTION" in data else []
    except IntakeError:
        return False
    directives = [_DIRECTIVE.match(text) for text, is_code in _codes(cells) if not is_code]
    return any(directive is not None and directive[2] == "QUESTION" for directive in directives)


def _test_files(notebook: Path) -> list[Path]:
    """The files of `tests` beside a notebook, in the order of their numbers."""
    files = (notebook.parent / "tests").glob("*.py")
    scripts = [path for path in files if path.is_file() and not path.name.startswith("_")]
    return sorted(scripts, key=lambda path: [int(n) for n in re.findall(r"\d+", path.stem)])


def _tests_inside(notebook: Path) -> dict[str, Any]:
    """The tests in a notebook's metadata, where Otter puts them unless it makes files."""
    try:
        whole = read_json(read_source(notebook), notebook.name)
    except IntakeError:
        return {}
    return _mapping(_mapping(_mapping(whole.get("metadata")).get("otter")).get("tests"))


def _students_cells(notebook: Path) -> list[str]:
    """The code of the students' version, if it lies in a folder `student` beside that one."""
    path = notebook.parent.parent / "student" / notebook.name
    if notebook.parent.name == "student" or not path.is_file():
        return []
    try:
        return [text for text, _ in _codes(read_cells(read_source(path), path.name))]
    except IntakeError:
        return []


def _codes(cells: Iterable[Cell]) -> Iterator[tuple[str, bool]]:
    """The source of each cell, and whether it is code; without those whose source is no text."""
    for cell in cells:
        try:
            yield text_of(cell), cell.get("cell_type") == "code"
        except TypeError:
            continue


class _NotebookReader:
    """Makes a lesson of a notebook."""

    def __init__(self, lesson: str, where: str, left_over: list[LeftOver]) -> None:
        self._text = LessonText()
        self._lesson = DraftLesson(lesson, "", where, "")
        self._left_over = left_over
        self._where = where
        self._taken: set[str] = set()
        #: Where a question's tests stand, and the names of the cells before; by its name.
        self._anchors: dict[str, tuple[str, CellNames | None]] = {}

    def _leave(self, place: str, reason: str) -> None:
        self._left_over.append(LeftOver(f"{self._where}, {place}", reason))

    def _finished(self) -> DraftLesson:
        lesson = self._lesson
        lesson.title = self._text.title or lesson.id.replace("_", " ").capitalize()
        lesson.solution = str(self._text)
        return lesson

    def read_made(
        self,
        cells: list[Cell],
        students: list[str],
        tests: Sequence[Path],
        inside: Mapping[str, Any],
    ) -> DraftLesson:
        """The lesson of a notebook with solutions.

        Args:
            cells: of the notebook.
            students: the code of their version, if it is there.
            tests: files with tests.
            inside: the tests in the notebook's metadata, by question; those in a file count.
        """
        sources = list(_codes(cells))
        for number, (text, is_code) in enumerate(sources):
            if is_code:
                self._anchor(*_CHECK.findall(text))
            if not is_code:
                self._text.add_text(text)
            elif not _OF_OTTER.search(text):
                following = sources[number + 1][0] if number + 1 < len(sources) else ""
                tags = _mapping(cells[number].get("metadata")).get("tags")
                is_tagged = isinstance(tags, list) and "otter_answer_cell" in tags
                is_changed = bool(students) and text not in students
                self._add_code(text, is_tagged or is_changed or bool(_CHECK.search(following)))
        for path in tests:
            try:
                name, points, cases = read_test_file(read_text_source(path))
            except (IntakeError, ValueError) as error:
                self._leave(f"tests/{path.name}", str(error))
                continue
            self._add_cases(name or path.stem, points, cases)
        in_files = {path.stem for path in tests}
        for name in [name for name in inside if name not in in_files]:
            test = inside[name]
            try:
                read = read_test(test) if isinstance(test, dict) else read_test_file(str(test))
            except ValueError as error:
                self._leave(f"the test {name} in its metadata", str(error))
                continue
            self._add_cases(name, *read[1:])
        return self._finished()

    def read_authors(self, cells: list[Cell]) -> DraftLesson:
        """The lesson of the notebook from which Otter makes its files."""
        question: dict[str, Any] = {}
        block = ""
        cases: list[Case] = []
        answered = False
        for cell in cells:
            for text, is_code in _codes([cell]):
                directive = None if is_code else _DIRECTIVE.match(text)
                if directive is None:
                    if block == "TESTS" and is_code:
                        cases.append(case_of_cell(text, _printed(cell)))
                    elif block == "SOLUTION":
                        answered = self._add_solution(text, is_code, question) or answered
                    elif not (_CONFIG.match(text) or block == "PROMPT"):
                        self._add(text, is_code)
                    continue
                begins, directive_name, rest = directive[1] == "BEGIN", directive[2], directive[3]
                if directive_name == "QUESTION":
                    if not begins:
                        self._anchor(str(question.get("name") or ""))
                        self._end_question(question, cases, answered=answered)
                    question = dict(read_yaml(rest.replace("```", ""))) if begins else {}
                    cases, answered = [], False
                else:
                    block = directive_name if begins else ""
        return self._finished()

    def _add(self, text: str, is_code: bool) -> None:
        if is_code:
            self._add_code(text, is_answer=False)
        else:
            self._text.add_text(text)

    def _add_solution(self, text: str, is_code: bool, question: dict[str, Any]) -> bool:
        """Add a cell of a solution; return whether it answers a question that a person marks."""
        is_manual = question.get("manual") is True
        if is_code:
            self._add_code(_marked(text), is_answer=True)
            if is_manual:
                points = as_points(question.get("points"))
                self._leave(
                    str(question.get("name")),
                    f"a person marks this code ({1.0 if points is None else points:g} points): it "
                    "is an answer without points now",
                )
            return True
        if is_manual:
            self._ask(question, text)
            return True
        self._text.add_text(text)
        return False

    def _ask(self, question: dict[str, Any], answer: str) -> None:
        points = as_points(question.get("points"))
        name = unique(str(question.get("name") or "question"), self._taken)
        self._taken.add(name)
        title = notebook_lessons.first_line(self._text.last_text, name)
        points = 1.0 if points is None else points
        if points:
            self._lesson.written.append({"id": name, "title": title, "points": points})
            self._text.ask(name, answer)

    def _end_question(self, question: dict[str, Any], cases: list[Case], *, answered: bool) -> None:
        if question.get("manual") is True and not answered:
            self._ask(question, "Marked by a person; the source has no model answer.")
        points = question.get("points")
        wanted = [as_points(value) or 0.0 for value in points] if isinstance(points, list) else None
        self._add_cases(str(question.get("name") or ""), wanted or as_points(points), cases)

    def _anchor(self, *questions: str) -> None:
        """Note that the tests of these questions stand here."""
        for question in questions:
            anchor = self._text.add_anchor(identifier(question, "question"))
            self._anchors[question] = anchor, self._lesson.names.copy()

    def _add_code(self, text: str, is_answer: bool) -> None:
        code = notebook_lessons.without_magics(text)
        if parse(code) is None:
            self._leave("a cell", "is no Python that compiles; it is a comment now")
            self._text.add_comment(code)
            return
        tree = parse(code)
        if is_answer and tree is not None and tree.body:
            code, _ = as_answer(code)
        self._lesson.names.add(code, is_answer=is_answer)
        self._text.add_code(code)

    def _add_cases(
        self, question: str, points: float | list[float] | None, cases: Sequence[Case]
    ) -> None:
        names = self._lesson.names
        for number, (case, worth) in enumerate(
            zip(cases, share_points(points, cases), strict=True), start=1
        ):
            name = case.name or f"{question}, test {number}"
            if parse(case.code) is None or not tests_something(case.code):
                self._leave(name, "tests nothing that can be told")
                continue
            if case.hidden and not worth:
                self._leave(name, "is hidden, and worth no points")
                continue
            before = len(names.tests)
            names.tests.append(case.code)
            test = identifier(f"{question}_{number}", "question")
            test = unique(test if test.startswith("test") else f"test_{test}", self._taken)
            self._taken.add(test)
            title = f"Question {question}: test {number}."
            where = f"{self._where}, {name}"
            check = DraftCheck(where, test, title, case.code, worth, case.hidden, before=before)
            check.anchor, check.names = self._anchors.get(question, ("", None))
            self._lesson.checks.append(check)


def _marked(text: str) -> str:
    """A solution cell with our markers where Otter has its own."""
    text = _IGNORED.sub("", _PROMPT.sub("", text))
    lines: list[str] = []
    for line in text.split("\n"):
        indent = line[: len(line) - len(line.lstrip())]
        if re.match(r"\s*#+ *(BEGIN|END) SOLUTION", line, re.IGNORECASE):
            lines.append(f"{indent}{BEGIN if 'BEGIN' in line.upper() else END}")
        elif _LINE.search(line) and (code := _LINE.sub("", line)).strip():
            if lines and lines[-1] == f"{indent}{END}":
                lines[-1:] = [code, f"{indent}{END}"]
            else:
                lines += [f"{indent}{BEGIN}", code, f"{indent}{END}"]
        else:
            lines.append(line)
    return "\n".join(lines)


def _printed(cell: Cell) -> str:
    """What a cell showed when its author ran it."""
    said: list[str] = []
    outputs = cell.get("outputs")
    for output in outputs if isinstance(outputs, list) else []:
        data = _mapping(_mapping(output).get("data"))
        text = data.get("text/plain", _mapping(output).get("text"))
        said += [text] if isinstance(text, str) else []
        said += [line for line in text if isinstance(line, str)] if isinstance(text, list) else []
    return "".join(said)


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
