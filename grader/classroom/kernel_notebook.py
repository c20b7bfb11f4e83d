"""Calls the functions of the notebook that is open in a student's kernel, instead of a sandbox.

It calls them as a sandbox's worker does, with copies of the arguments, and reads what comes back as
a worker's reply. So a check ends here as it does when it is graded. There are no limits: the kernel
is the student's own, and it has a stop button.
"""

from __future__ import annotations

import builtins
import importlib.abc
import importlib.machinery
import inspect
import linecache
import sys
import traceback
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any

from grader.errors import IntakeError
from grader.sandbox import wire
from grader.sandbox.faults import StudentFault
from grader.sandbox.held_objects import HeldObjects
from grader.sandbox.inside.objects import Objects
from grader.sandbox.inside.program import Described, Program
from grader.sandbox.inside.questions import RAISE
from grader.sandbox.inside.worker import answer_live, answer_request, encode_reply
from grader.sandbox.replies import ProgramRun, Returned, forged_reply, read_reply
from grader.submissions.notebooks import MAX_NOTEBOOK_BYTES, decode_notebook


class KernelNotebook:
    """Calls the functions of a notebook; takes the place of a sandbox's session."""

    def __init__(self, lesson: str, names: Mapping[str, Any], lessons: Collection[str]) -> None:
        """Prepare.

        Args:
            lesson: the notebook's.
            names: what it defines.
            lessons: the ids of all lessons.
        """
        self._program = _Program(lesson, names, lessons)
        self.held = HeldObjects()
        self.held.begin(None)
        self._program.call_back = self._call_back
        self.workers = 1

    def call(self, function: str, *args: object, **kwargs: object) -> Returned:
        """Call a function; see :meth:`grader.sandbox.session.Session.call`."""
        return self._answer_live(wire.encode_live("call", function, list(args), kwargs))

    def use(
        self, operation: str, args: Sequence[object], kwargs: Mapping[str, object], _key: str
    ) -> Returned:
        """Use an object; see :meth:`grader.sandbox.session.Session.use`."""
        return self._answer_live(wire.encode_live("use", operation, list(args), dict(kwargs)))

    def look_up(self, name: str) -> Returned:
        """Read a value or object; see :meth:`grader.sandbox.session.Session.look_up`."""
        return self._answer_live(wire.encode_live("value", name, []))

    def value(self, name: str, *keys: str) -> Returned:
        """Read a value; see :meth:`grader.sandbox.session.Session.value`."""
        return self._answer(wire.encode_value(name, keys))

    def value_after(self, _cell: int | str, _name: str, *_keys: str) -> Returned:
        """Refuse: an open notebook has only the values of now."""
        raise wire.Unsendable("a value as it stood after a cell, which an open notebook has not,")

    def stand_after(self, _cell: int | str | None) -> None:
        """Do nothing: a test cell of a notebook stands where it looks at the names."""

    def run(
        self, _stdin: str, _args: Sequence[str], _files: Mapping[str, str | bytes]
    ) -> ProgramRun:
        """Refuse: a notebook is no program."""
        raise wire.Unsendable("a program, which a notebook is not,")

    def source(self, name: str) -> str:
        """The text of a function, or of all cells that were run."""
        names = self._program.names()
        if not name:
            return "\n".join(map(str, names.get("In", ())))
        with suppress(TypeError, OSError):  # nothing that was written as a function
            return inspect.getsource(names[name]).rstrip() if name in names else ""
        return ""

    def _answer(self, request: bytes) -> Returned:
        return self._read(answer_request(self._program, request, wire.decode(request)))

    def _answer_live(self, request: bytes) -> Returned:
        _, decoded = wire.decode(request, rebuild=self._program.own_value)
        return self._read(answer_live(self._program, decoded))

    def _call_back(self, number: int, args: list[Any], kwargs: dict[str, Any]) -> Any:
        rebuild = self.held.rebuild("")
        sent, named = wire.decode(wire.encode((args, kwargs)), rebuild=rebuild)
        assert self.held.answer is not None
        answer = self.held.answer(number, sent, named)
        kind, *content = wire.decode(answer, rebuild=self._program.own_value)
        if kind == RAISE:
            raise getattr(builtins, content[0])(*content[1])
        return content[0]

    def _read(self, reply: tuple[Any, ...]) -> Returned:
        answer = read_reply(encode_reply(reply), self.held.rebuild(""))
        if self._program.interrupted:
            raise KeyboardInterrupt
        if isinstance(answer, Returned):
            return answer
        raise answer if isinstance(answer, StudentFault) else forged_reply()


class _Program(Program):
    """The names of an open notebook as a program that a worker has loaded."""

    def __init__(self, lesson: str, names: Mapping[str, Any], lessons: Collection[str]) -> None:
        super().__init__(lesson, {})
        self.interrupted = False  # the student pressed the stop button while a function ran
        self._names = names
        self._lessons = lessons
        self.objects = Objects({"__main__", *lessons})

    def names(self) -> Mapping[str, Any]:
        return self._names

    def share(self, *_: object) -> None:
        """Do nothing: the notebook runs where the check's folder is."""

    def changes(self, _: str) -> dict[str, Any]:
        return {"written": {}, "removed": [], "made": []}

    def describe(self, error: BaseException) -> Described:
        self.interrupted = isinstance(error, KeyboardInterrupt)
        name, builtin, text, arguments, _, own = super().describe(error)
        return name, builtin, text, arguments, self._find_place(error), own

    def where_bound(self, name: str) -> None:
        """Always None: it is not known which cell ran last."""

    def _find_place(self, error: BaseException) -> tuple[str, int, str] | None:
        """The last line that the student wrote, in this notebook or in an earlier lesson's."""
        for frame, line in reversed(list(traceback.walk_tb(error.__traceback__))):
            code, names = frame.f_code, frame.f_globals
            text = linecache.getline(code.co_filename, line, names).strip()
            if names is self._names:
                function = f"`{code.co_name}`" if code.co_name.isidentifier() else "it"
                return f"your cell with {function}", line, text
            if names.get("__name__") in self._lessons:
                return code.co_filename, line, text
        return None


class NotebookFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports an earlier lesson from its notebook, if there is no script of that name."""

    def __init__(self, lessons: Collection[str]) -> None:
        self._lessons = lessons
        #: The notebooks' contents at the time of their import, by lesson.
        self.imported: dict[str, bytes] = {}

    def find_spec(
        self, fullname: str, path: Any, target: Any = None
    ) -> importlib.machinery.ModuleSpec | None:
        """A spec for a lesson whose notebook lies beside this one, or in another assignment."""
        if fullname not in self._lessons or not notebook_path(fullname).is_file():
            return None
        return importlib.machinery.ModuleSpec(fullname, self, origin=str(notebook_path(fullname)))

    def exec_module(self, module: ModuleType) -> None:
        """Run the notebook's cells."""
        self.imported[module.__name__] = notebook_path(module.__name__).read_bytes()
        run_notebook(module)


def notebook_path(lesson: str) -> Path:
    """Where a lesson's notebook is: beside the one that is open, or in another assignment of ours.

    The parts of a course can be an assignment each, and nbgrader fetches these side by side.
    """
    beside = Path.cwd() / f"{lesson}.ipynb"
    if not beside.is_file():
        for other in sorted(Path.cwd().parent.glob(f"*/{lesson}.ipynb")):
            if (other.parent / "visible_checks" / "lessons.json").is_file():
                return other
    return beside


def load_notebook(lesson: str) -> ModuleType:
    """Run a lesson's notebook as it is saved now, and return its module.

    Raises:
        ImportError: it cannot be read.
    """
    module = ModuleType(lesson)
    run_notebook(module)
    return module


def run_notebook(module: ModuleType) -> None:
    """Run the cells of a lesson's notebook as they run when it is graded.

    Raises:
        ImportError: it cannot be read.
    """
    lesson = module.__name__
    path = notebook_path(lesson)
    try:
        cells = decode_notebook(path.read_bytes(), path.name, MAX_NOTEBOOK_BYTES)
    except (OSError, IntakeError) as error:
        raise ImportError(f"{path.name} cannot be read: {error}") from None
    for number, cell in enumerate(cells, start=1):  # so that messages can quote a line
        where = f"{path.name}, cell {number}"
        lines = [f"{line}\n" for line in cell.split("\n")]
        linecache.cache[where] = (len(cell), None, lines, where)
    sys.modules.setdefault(lesson, module)
    Program(lesson, {lesson: (path.name, list(cells), True)}).run(lesson, module)
