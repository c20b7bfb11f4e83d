"""What is graded: the lessons that every tool can mark, their checks, and correct students."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from measure import BenchmarkError

from grader.course import Course, Lesson


@dataclass(frozen=True, slots=True)
class CheckText:
    """A check as text, for tools that know no fixtures and no marks."""

    name: str
    source: str  # the function, without its decorators
    arguments: tuple[str, ...]  # the fixtures that it asks for
    points: float


@dataclass(frozen=True, slots=True)
class CheckFile:
    """A lesson's check file, taken apart."""

    hidden: bool
    helpers: str  # imports and functions that are no checks
    checks: tuple[CheckText, ...]


def benchmarked(course: Course) -> Course:
    """The first part of a course, without lessons that hold answers for a person to mark.

    Args:
        course: whole.

    Raises:
        BenchmarkError: no lesson is left.
    """
    first = course.parts[0].lessons if course.parts else course.lesson_ids
    lessons = tuple(
        lesson for lesson in course.lessons if lesson.id in first and not lesson.written
    )
    if not lessons:
        raise BenchmarkError(f"{course.root} has no lesson that all tools can mark")
    return replace(course, lessons=lessons)


def check_files(lesson: Lesson) -> list[CheckFile]:
    """The check files of a lesson, visible ones first."""
    return [_take_apart(path, path == lesson.hidden_checks) for path in lesson.check_files]


def number_of_checks(lesson: Lesson) -> int:
    """How many checks a lesson has."""
    return sum(len(file.checks) for file in check_files(lesson))


def reference_sources(course: Course, lesson: Lesson) -> dict[str, str]:
    """The solution's text, after those of the earlier lessons that it imports."""
    sources: dict[str, str] = {}
    for name in lesson.requires:
        sources |= reference_sources(course, course.lesson(name))
    return sources | {lesson.id: lesson.solution.read_text("utf-8")}


#: Every float that a lesson's functions return, changed in its last bits: still right, but no
#: other student's. What a check accepted from somebody else is then no help.
_SCALED = """
def _scaled(function):
    def scaled(*args, **kwargs):
        found = function(*args, **kwargs)
        parts = found if isinstance(found, tuple) else (found,)
        parts = tuple(x * {factor} if np.asarray(x).dtype.kind == "f" else x for x in parts)
        return parts if isinstance(found, tuple) else parts[0]
    return scaled

"""


def student_names(count: int) -> list[str]:
    """As many names as asked for."""
    return [f"student-{number:05}" for number in range(1, count + 1)]


def student_source(lesson: Lesson, student: str, tag: str) -> str:
    """A correct answer that no other student, and no other run of this benchmark, hands in."""
    return lesson.solution.read_text("utf-8") + f"\n# handed in by {student}, {tag}\n"


def write_class(
    course: Course, folder: Path, count: int, tag: str, *, alike: bool = True
) -> list[Path]:
    """Write the submissions of `count` correct students; return a folder for each.

    Args:
        course: whose lessons are handed in.
        folder: where; made if need be.
        count: of students.
        tag: tells this class from others.
        alike: whether all functions return the same numbers, to the last bit.
    """
    folders = [folder / student for student in student_names(count)]
    texts = {lesson.id: student_source(lesson, "@", tag) for lesson in course.lessons}
    if not alike:
        texts = {lesson: text + _scaling(text) for lesson, text in texts.items()}
    for number, path in enumerate(folders, start=1):
        path.mkdir(parents=True)
        factor = repr(1 + number * 2.0**-50)
        for lesson, text in texts.items():
            own = text.replace("by @", f"by {path.name}").replace("{factor}", factor)
            (path / f"{lesson}.py").write_text(own, "utf-8")
    return folders


def _scaling(source: str) -> str:
    """Text that scales what the functions of a program return."""
    body = ast.parse(source).body
    names = [node.name for node in body if isinstance(node, ast.FunctionDef)]
    return _SCALED + "".join(f"{name} = _scaled({name})\n" for name in names)


def percent_cells(source: str) -> list[tuple[str, str]]:
    """The cells of a lesson in percent format: pairs of kind ("code", "markdown") and text."""
    _, *parts = re.split(r"^# %%(.*)\n", source, flags=re.MULTILINE)
    cells: list[tuple[str, str]] = []
    for header, text in zip(parts[::2], parts[1::2], strict=True):
        if header.strip() == "[markdown]":
            cells.append(("markdown", re.sub(r"^# ?", "", text, flags=re.MULTILINE).strip()))
        else:
            cells.append(("code", text.strip()))
    return cells


def _take_apart(path: Path, hidden: bool) -> CheckFile:
    source = path.read_text("utf-8")
    lines = source.splitlines()
    helpers: list[ast.stmt] = []
    checks: list[CheckText] = []
    uses_pytest = False
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            text = "\n".join(lines[node.lineno - 1 : node.end_lineno])
            arguments = tuple(argument.arg for argument in node.args.args)
            unknown = {*arguments} - {"student", "reference", "rng"}
            if unknown:
                raise BenchmarkError(f"{path}: {node.name} asks for {unknown}: not in a notebook")
            checks.append(CheckText(node.name, text, arguments, _points(node)))
            uses_pytest |= any("pytest" in _names(statement) for statement in node.body)
        else:
            helpers.append(node)
    if not uses_pytest:  # only the marks need it, and importing it would cost the notebook 0.2 s
        helpers = [node for node in helpers if ast.unparse(node) != "import pytest"]
    segments = (ast.get_source_segment(source, node) for node in helpers)
    return CheckFile(hidden, "\n\n".join(text for text in segments if text), tuple(checks))


def _points(check: ast.FunctionDef) -> float:
    for decorator in check.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.points":
            return float(ast.literal_eval(decorator.args[0]))
    return 1.0


def _names(node: ast.AST) -> Iterator[str]:
    return (part.id for part in ast.walk(node) if isinstance(part, ast.Name))
