"""The student's module, as ordinary tests import it: ``from lesson import function``.

A check file is imported once and runs for every student. So what it imports from its lesson are
handles, which mean the present student's functions and classes. A value is set anew in the file
before each check that may look at it.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any, Final, NoReturn

import pytest

from grader.checks.handles import Named, about
from grader.checks.reference_names import is_left_open, is_value
from grader.checks.student import Student
from grader.course import Lesson, read_text
from grader.course.module_files import FurtherModules
from grader.errors import CourseError

#: Methods that run around each test of a class.
_SETTING_UP: Final = (
    "setUp", "tearDown", "setUpClass", "tearDownClass",
    "setup_method", "teardown_method", "setup_class", "teardown_class",
)  # fmt: skip


class StudentModule(ModuleType):
    """Stands in check files for the module of the lesson, or for a further one of it."""

    def __init__(
        self, name: str, student: Student, reference: ModuleType, *, is_further: bool = False
    ) -> None:
        """Stand for a module.

        Args:
            name: under which it is imported.
            student: of the present check.
            reference: the lesson's solution; while check files are imported, it gives the values.
            is_further: whether it is a further module, whose names are called ``helpers.area``.
        """
        super().__init__(name, "The student's module.")
        prefix = f"{name}." if is_further else ""
        vars(self).update(_student=student, _reference=reference, _prefix=prefix)
        vars(self)["__all__"] = getattr(reference, f"{prefix}__all__", _public(reference, prefix))
        if is_further:
            vars(self)["__path__"] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        reference, student = vars(self)["_reference"], vars(self)["_student"]
        name = vars(self)["_prefix"] + name
        if not student.is_in_check and is_value(reference, name):
            return getattr(reference, name)
        return student.named(name, reference)

    def __setattr__(self, name: str, value: Any) -> None:
        self._refuse(name)

    def __delattr__(self, name: str) -> None:
        self._refuse(name)

    def _refuse(self, name: str) -> NoReturn:
        raise TypeError(
            f"`{name}` cannot be put into the student's module, which is in another process: hand "
            "the function over as an argument, or write student.glue(…)"
        )


def _public(reference: ModuleType, prefix: str) -> list[str]:
    """What `from lesson import *` brings; not the modules, which the check file imports itself."""
    return [
        own
        for name, value in vars(reference).items()
        if name.startswith(prefix) and not isinstance(value, ModuleType)
        if "." not in (own := name.removeprefix(prefix)) and own[:1] != "_"
    ]


def student_modules(
    lesson: Lesson, student: Student, reference: ModuleType
) -> dict[str, StudentModule]:
    """What stands for a lesson and its further modules, by the names under which they are imported.

    Args:
        lesson: which one.
        student: of the present check.
        reference: the solution.
    """
    modules = {lesson.id: StudentModule(lesson.id, student, reference)}
    for name in FurtherModules(lesson).names:
        modules[name] = StudentModule(name, student, reference, is_further=True)
        package, _, own = name.rpartition(".")
        if package in modules:
            vars(modules[package])[own] = modules[name]
    return modules


def advise(line: str) -> str:
    """What to write in place of a line that cannot work with a program in another process."""
    if asked_source := re.search(r"getsource\w*\(\s*(?:\w+\.)?(\w+)", line):
        return f"write student.source({asked_source[1]!r}), which is its text"
    if re.search(r"\breload\(|\brunpy\b", line):
        return "write student.run(), which runs the file in a fresh process"
    return ""


@dataclass(frozen=True, slots=True)
class Imports:
    """What a check file imports from the student's module, and what else its tests need."""

    names: Mapping[str, str]  # by its name in the file, at the top level
    stars: frozenset[str] = frozenset()  # modules of which it imports all
    marks: frozenset[str] = frozenset()  # of pytest, that its tests carry


def read_imports(lesson: Lesson, others: Collection[str]) -> dict[str, Imports]:
    """The imports of a lesson's check files, by path; only of those that import its module.

    Args:
        lesson: whose check files.
        others: ids of the other lessons, which a check cannot import.

    Raises:
        CourseError: one imports another lesson, or names the student's file.
    """
    imports: dict[str, Imports] = {}
    own = {lesson.id, *FurtherModules(lesson).names}
    files = {f"{lesson.id}.py", *(name for name in lesson.files if name.endswith(".py"))}
    for path in lesson.check_files:
        try:
            tree = ast.parse(read_text(path, lesson.shown(path)))
        except (SyntaxError, ValueError):  # pytest says so
            continue
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and node.value in files
            ):
                raise CourseError(
                    f"{lesson.shown(path)}:{node.lineno}: the student's {node.value} is not in "
                    "this process. student.source() is its text, student.run() runs it"
                )
        modules = [module for node in ast.walk(tree) for module in _modules_of(node)]
        for line, name in modules:
            if name in others:
                raise CourseError(
                    f"{lesson.shown(path)}:{line}: imports `{name}`, another lesson. A "
                    f"check of `{lesson.id}` can import `{lesson.id}` alone; what this imports "
                    "from an earlier lesson has a name there, too"
                )
        if any(name in own for _, name in modules):
            imports[str(path)] = _imports_of(tree, lesson.id, own)
    return imports


def _modules_of(node: ast.AST) -> Iterator[tuple[int, str]]:
    """The line and the modules of an import, without the parts of a package."""
    if isinstance(node, ast.Import):
        yield from ((node.lineno, alias.name.partition(".")[0]) for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield node.lineno, node.module.partition(".")[0]


def _imports_of(tree: ast.Module, lesson: str, own: Collection[str]) -> Imports:
    names: dict[str, str] = {}
    stars: set[str] = set()
    for node in _at_the_top(tree.body):
        if isinstance(node, ast.ImportFrom) and node.module in own and not node.level:
            prefix = "" if node.module == lesson else f"{node.module}."
            names |= {alias.asname or alias.name: prefix + alias.name for alias in node.names}
            if names.pop("*", None):
                stars.add(str(node.module))
    marks = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "pytest.mark"
    }
    return Imports(names, frozenset(stars), frozenset(marks))


def _at_the_top(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that run when a file is imported, also those of an `if` or a `try`."""
    for statement in body:
        yield statement
        for part in ("body", "orelse", "finalbody"):
            if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                yield from _at_the_top(getattr(statement, part, []))
        for handler in getattr(statement, "handlers", []):
            yield from _at_the_top(handler.body)


@contextmanager
def readable_sources(student: Student) -> Iterator[None]:
    """In this block, `inspect.getsource` gives the text of a student's function or class."""
    own = inspect.getsource

    def getsource(subject: Any) -> str:
        if type(subject) is not Named:
            return own(subject)
        if not (text := student.source(about(subject).path)):
            raise OSError("could not get source code")
        return f"{text}\n"

    vars(inspect)["getsource"] = getsource
    try:
        yield
    finally:
        vars(inspect)["getsource"] = own


def set_values(
    item: pytest.Function, imports: Imports, modules: Mapping[str, StudentModule]
) -> None:
    """Give a check file the present student's values of what one of its checks looks at.

    Raises:
        StudentFault: the student's program has no such value.
    """
    lesson = next(iter(modules.values()))
    reference = vars(lesson)["_reference"]
    names: dict[str, str] = {}
    for star in sorted(imports.stars):
        members = vars(modules[star])
        names |= {name: members["_prefix"] + name for name in members["__all__"]}
    names |= imports.names
    values = {
        alias: name
        for alias, name in names.items()
        if is_value(reference, name) or is_left_open(reference, name)
    }
    if values:
        used = _names_used_by(item)
        for alias, name in values.items():
            if alias in used:
                vars(item.module)[alias] = getattr(lesson, name)


def _names_used_by(item: pytest.Function) -> set[str]:
    """The names in the code of a check, and of the functions and classes of its file it uses."""
    members = {
        name: member for base in (item.cls or object).__mro__ for name, member in vars(base).items()
    }
    file = members | vars(item.module)
    todo = [item.obj, *(members.get(name) for name in (item.name, *_SETTING_UP))]
    todo += [file.get(name) for name in item.fixturenames]
    used: set[str] = set()
    seen: dict[int, object] = {}
    while todo:
        member = todo.pop()
        if id(member) in seen:
            continue
        seen[id(member)] = member
        if isinstance(member, type):
            todo += vars(member).values()
        elif isinstance(member, CodeType):
            new = {*member.co_names} - used
            used |= new
            todo += [file[name] for name in new if name in file]
            todo += member.co_consts
        elif isinstance(member, staticmethod | classmethod | MethodType | partial):
            todo.append(getattr(member, "__func__", None) or getattr(member, "func", None))
        elif isinstance(member, FunctionType):
            todo += [member.__code__, getattr(member, "__wrapped__", None)]
            inner = [cell.cell_contents for cell in member.__closure__ or ()]
            # A class in a closure is one with many tests.
            todo += [content for content in inner if not isinstance(content, type)]
        elif _is_fixture(member):
            todo.append(member._get_wrapped_function())
    return used


def _is_fixture(value: object) -> bool:
    return type(value).__name__ == "FixtureFunctionDefinition"
