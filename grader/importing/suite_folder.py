"""Folders with stubs, solutions and a test suite: Exercism's exercises, homework repositories."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from grader.errors import IntakeError
from grader.importing.answers import mark_answers
from grader.importing.cell_names import parse
from grader.importing.draft import Draft, DraftLesson, LeftOver
from grader.importing.notebook_lessons import LessonText, is_lesson, with_markers
from grader.importing.source_files import data_beside, lesson_id, read_text_source

_MOST_FILES: Final = 20_000
_SKIPPED: Final = frozenset({"__pycache__", "node_modules", "venv", "env", "site-packages"})
_SOLUTION: Final = re.compile(
    r"(?i)(?:^|[_-])(?:solutions?|answers?|reference|exemplar|example)s?$"
)
_STUB: Final = re.compile(
    r"(?i)(?:^|[_-])(?:stubs?|exercises?|starter|skeleton|templates?|student|handout|problems?)s?$"
)
_TEST: Final = re.compile(r"^(?:test_.+|.+_tests?|tests?)\.py$")


@dataclass(frozen=True, slots=True)
class Exercise:
    """The files of one exercise."""

    name: str  # of its module
    solution: Path
    stub: Path | None
    tests: tuple[Path, ...]
    text: Path | None = None  # what students read about it


def find_exercises(source: Path) -> list[Exercise]:
    """The exercises below a folder; none if it has no solutions with tests."""
    if not source.is_dir():
        return []
    configs = sorted(source.rglob(".meta/config.json"))
    suites = [suite for path in configs for suite in _of_exercism(path.parent.parent)]
    return suites or list(_by_names(source))


def read_course(source: Path, exercises: Sequence[Exercise]) -> Draft:
    """Draft a course: one lesson for each exercise."""
    draft = Draft(source.resolve().name, "a folder with tests")
    for exercise in exercises:
        where = exercise.solution.relative_to(source).as_posix()
        taken = {lesson.id for lesson in draft.lessons}
        if lesson_id(exercise.name, taken) != exercise.name:
            reason = f"`{exercise.name}` cannot be a lesson's name here; rename it, with its tests"
            draft.left_over.append(LeftOver(where, reason))
            continue
        try:
            draft.lessons.append(_read(exercise, where, draft.left_over))
        except IntakeError as error:
            draft.left_over.append(LeftOver(where, str(error)))
    return draft


def _read(exercise: Exercise, where: str, left_over: list[LeftOver]) -> DraftLesson:
    solution = with_markers(read_text_source(exercise.solution))
    if parse(solution) is None:
        raise IntakeError("is no Python that compiles here")
    stub = None if exercise.stub is None else read_text_source(exercise.stub)
    code = mark_answers(solution, stub)
    if not is_lesson(code):
        raise IntakeError("no answers can be told apart in it; put them between markers")
    text = LessonText(title=exercise.name.replace("_", " ").capitalize())
    about = read_text_source(exercise.text) if exercise.text else ""
    text.add_text(f"# {text.title}\n\n{about}".strip())
    text.add_code(code)
    suite, *others = exercise.tests
    left_over += [
        LeftOver(where, f"a lesson has one test file: {other.name} stays behind")
        for other in others
    ]
    checks = _with_module(read_text_source(suite), exercise.name)
    lesson = DraftLesson(exercise.name, text.title, where, str(text), suite=checks)
    lesson.data = data_beside(exercise.solution, [code], where, left_over)
    return lesson


def _with_module(suite: str, name: str) -> str:
    """The test file, importing the lesson by its name: `from src.sums import add`."""
    pattern = rf"^(\s*(?:from|import)\s+)(?:\.|[\w.]+\.)(?={name}\b)"
    return re.sub(pattern, r"\1", suite, flags=re.MULTILINE)


def without_tests(suite: str, names: Iterable[str]) -> str:
    """A test file without some of its tests: `test_x`, or `ClassName.test_x`."""
    tree = parse(suite)
    if tree is None:
        return suite
    wanted = {name.partition("[")[0] for name in names}
    lines: list[str | None] = list(suite.split("\n"))
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    blocks: list[ast.Module | ast.ClassDef] = [tree, *classes]
    for block in blocks:
        tests = [
            node for node in block.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        own = "" if isinstance(block, ast.Module) else f"{block.name}."
        gone = [test for test in tests if {test.name, f"{own}{test.name}"} & wanted]
        for test in gone:
            first = min([test.lineno, *(decorator.lineno for decorator in test.decorator_list)])
            lines[first - 1 : test.end_lineno] = [None] * ((test.end_lineno or first) - first + 1)
        if gone and len(gone) == len(block.body):
            lines[gone[0].lineno - 1] = f"{' ' * gone[0].col_offset}pass"
    return "\n".join(line for line in lines if line is not None)


def _of_exercism(folder: Path) -> Iterator[Exercise]:
    """The exercise in a folder with Exercism's `.meta/config.json`."""
    try:
        files = _mapping(json.loads(read_text_source(folder / ".meta" / "config.json")))
    except (IntakeError, ValueError, RecursionError):
        return
    named = _mapping(files.get("files"))
    stub, solution, test = (
        _file(folder, named.get(kind))
        for kind in ("solution", "example" if "example" in named else "exemplar", "test")
    )
    if stub and solution and test:
        texts = [folder / ".docs" / name for name in ("instructions.md", "introduction.md")]
        text = next((path for path in texts if path.is_file()), None)
        yield Exercise(stub.stem, solution, stub, (test,), text)


def _file(folder: Path, names: object) -> Path | None:
    """The first Python file of a list of names; none that lies elsewhere."""
    for name in names if isinstance(names, list) else []:
        if isinstance(name, str) and name.endswith(".py") and ".." not in Path(name).parts:
            path = folder / name
            if path.is_relative_to(folder) and path.is_file():
                return path
    return None


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _by_names(source: Path) -> Iterator[Exercise]:
    """Exercises whose files are told by their names, and by what the tests import."""
    files = [
        path
        for path in sorted(source.rglob("*.py"))[:_MOST_FILES]
        if not any(part.startswith(".") or part in _SKIPPED for part in _parts(source, path))
    ]
    tests = [path for path in files if _TEST.match(path.name)]
    modules: dict[str, list[Path]] = {}
    for path in files:
        if path not in tests and path.name != "conftest.py":
            modules.setdefault(_module(path), []).append(path)
    chosen: dict[str, list[Path]] = {}
    for test in tests:
        imported = [name for name in _imports(test) if name in modules]
        if imported:  # the one that the file is named after, or else the first
            by_name = [name for name in imported if name in test.stem]
            chosen.setdefault((by_name or imported)[0], []).append(test)
    for name, its_tests in chosen.items():
        yield from _exercise(source, name, modules[name], its_tests)


def _exercise(source: Path, name: str, paths: list[Path], tests: list[Path]) -> Iterator[Exercise]:
    kinds = {path: _kind(source, path) for path in paths}
    solutions = [path for path, kind in kinds.items() if kind == "solution"]
    others = [path for path, kind in kinds.items() if kind != "solution"]
    stubs = [path for path in others if kinds[path] == "stub"] or (others if solutions else [])
    solutions = solutions or [path for path in others if kinds[path] != "stub"]
    if not solutions:
        return
    solution = solutions[0]
    texts = [solution.parent / "README.md", tests[0].parent / "README.md"]
    near = [path for path in texts if path.is_file() and path.parent != source]
    yield Exercise(
        name, solution, stubs[0] if stubs else None, tuple(tests), near[0] if near else None
    )


def _parts(source: Path, path: Path) -> tuple[str, ...]:
    return path.relative_to(source).parts


def _kind(source: Path, path: Path) -> str:
    """What a module is, by its name and its folders; the innermost that says it."""
    for part in reversed([*_parts(source, path)[:-1], path.stem]):
        if _SOLUTION.search(part):
            return "solution"
        if _STUB.search(part):
            return "stub"
    return ""


def _module(path: Path) -> str:
    """The name under which tests import a module: `sums` for sums_solution.py."""
    return re.sub(r"(?i)^(?:solution|stub)_|_(?:solution|stub)$", "", path.stem)


def _imports(test: Path) -> list[str]:
    """The last parts of what a test file imports, in order."""
    try:
        tree = parse(read_text_source(test))
    except IntakeError:
        return []
    names: list[str] = []
    for node in ast.walk(tree or ast.Module([], [])):
        if isinstance(node, ast.Import):
            names += [alias.name.rpartition(".")[2] for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names.append((node.module or "").rpartition(".")[2])
            names += [alias.name for alias in node.names]
    return list(dict.fromkeys(names))
