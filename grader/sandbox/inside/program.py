"""A student's program: compiled and imported here, and nowhere else.

Exceptions are described as plain values (see :meth:`Program.describe`), because no exception object
may leave this process.
"""

from __future__ import annotations

import builtins
import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from grader.sandbox.inside.magics import compile_cell
from grader.sandbox.wire import ProgramText

MAX_TEXT: Final = 1_000  # characters of an exception's own text

#: A described exception on the wire: (type, nearest builtin type, text, place).
Described = tuple[str, str, str, "tuple[str, int, str] | None"]


class Program:
    """One lesson of one student, with the earlier lessons that it may import."""

    def __init__(self, lesson: str, sources: Mapping[str, ProgramText]) -> None:
        self.lesson = lesson
        self.sources = sources
        self.cell_errors: list[Described] = []

    def load(self) -> None:
        """Import the lesson.

        A script that raises has failed to load. In a notebook each cell stands alone: if one
        raises, its exception goes into ``cell_errors`` and the next cell runs.

        Raises:
            BaseException: whatever the student's script raises.
        """
        sys.meta_path.insert(0, _LessonFinder(self))
        module = types.ModuleType(self.lesson)
        sys.modules[self.lesson] = module  # dataclasses, for example, look for it there
        self.run(self.lesson, module)

    def lookup(self, name: str) -> object:
        """What the lesson defines as ``name``; ``None`` if it defines nothing of that name."""
        return vars(sys.modules[self.lesson]).get(name)

    def run(self, lesson: str, module: types.ModuleType) -> None:
        """Execute a lesson's cells in its module."""
        filename, cells, notebook = self.sources[lesson]
        for number, cell in enumerate(cells, start=1):
            where = f"{filename}, cell {number}" if notebook else filename
            try:
                exec(compile_cell(cell, where, notebook=notebook), vars(module))
            except (Exception, SystemExit) as error:
                if not notebook or isinstance(error, MemoryError):
                    raise
                if lesson == self.lesson:
                    self.cell_errors.append(self.describe(error))

    def describe(self, error: BaseException) -> Described:
        """Describe an exception in plain values: its types, its text, the student's own line."""
        kind = type(error)
        try:
            text = str(error)[:MAX_TEXT].encode("utf-8", "backslashreplace").decode()
        except Exception:
            text = ""  # the student's own __str__ fails: the type has to do
        return str(kind.__name__), _nearest_builtin(kind), text, self._place(error)

    def _place(self, error: BaseException) -> tuple[str, int, str] | None:
        """(file, line number, line) of the last frame that the student wrote."""
        lines = dict(self._lines())
        if isinstance(error, SyntaxError) and error.filename in lines and error.lineno:
            return _line_at(lines, error.filename, error.lineno)
        place = None
        step = error.__traceback__
        while step is not None:
            filename = step.tb_frame.f_code.co_filename
            if filename in lines:
                place = _line_at(lines, filename, step.tb_lineno)
            step = step.tb_next
        return place

    def _lines(self) -> Iterator[tuple[str, Sequence[str]]]:
        for filename, cells, notebook in self.sources.values():
            for number, cell in enumerate(cells, start=1):
                yield (f"{filename}, cell {number}" if notebook else filename), cell.split("\n")


class _LessonFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Lets an ``import`` find the same student's earlier lesson."""

    def __init__(self, program: Program) -> None:
        self.program = program

    def find_spec(
        self, fullname: str, path: object, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname not in self.program.sources:
            return None
        return importlib.machinery.ModuleSpec(fullname, self)

    def exec_module(self, module: types.ModuleType) -> None:
        self.program.run(module.__name__, module)


def _line_at(
    lines: Mapping[str, Sequence[str]], filename: str, number: int
) -> tuple[str, int, str]:
    own = lines[filename]
    text = own[number - 1].strip() if 0 < number <= len(own) else ""
    return filename, number, text[:MAX_TEXT]


def _nearest_builtin(kind: type) -> str:
    """The first class among its ancestors that Python itself defines."""
    own = vars(builtins)
    names = [str(ancestor.__name__) for ancestor in kind.__mro__ if ancestor in own.values()]
    return names[0]
