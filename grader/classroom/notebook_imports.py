"""Finds imports of an open notebook that fail when it is graded, because the module is not there.

A student's kernel may have any package. Where the notebook is graded, there are only the course's.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from types import ModuleType
from typing import Any

from grader.checks.load_failures import say_refused
from grader.classroom.kernel_notebook import notebook_path
from grader.errors import IntakeError
from grader.sandbox.faults import Place
from grader.sandbox.inside.statements import Part, compile_parts, imported_name
from grader.submissions.notebooks import MAX_NOTEBOOK_BYTES, decode_notebook

_ABSENCES = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


def refuse_notebook_imports(
    lesson: str, notebook: Mapping[str, Any], packages: Sequence[str], others: Collection[str]
) -> list[str]:
    """A sentence for each forbidden import, in the saved notebook and in its kernel.

    Args:
        lesson: its id.
        notebook: what it defines, and what its kernel adds.
        packages: that the course lets it import.
        others: modules that are there when it is graded, too: the course's lessons.
    """
    allowed = {*sys.stdlib_module_names, *packages, *others}
    places: dict[str, Place] = {}
    for where, cells in _texts(lesson, notebook):
        for part in compile_parts(where, cells, notebook=True):
            if not isinstance(part, Part):
                continue
            lines = part.text.split("\n")
            for node, name, module in _imports(ast.parse(part.text)):
                is_ours = where.endswith(".ipynb") or _is_bound(notebook, name, module)
                if is_ours and module.partition(".")[0] not in allowed:
                    text = lines[node.lineno - 1].strip()
                    places.setdefault(module, Place(part.where, node.lineno, text))
    return [say_refused(place, module, packages) for module, place in places.items()]


def _texts(lesson: str, notebook: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """The cells of the saved notebook, and those that its kernel ran, which may be unsaved."""
    path = notebook_path(lesson)
    with suppress(OSError, IntakeError):  # not saved yet
        yield path.name, list(decode_notebook(path.read_bytes(), path.name, MAX_NOTEBOOK_BYTES))
    ran = notebook.get("In")
    if isinstance(ran, list):
        yield "your notebook", [cell for cell in ran if isinstance(cell, str)]


def _is_bound(notebook: Mapping[str, Any], name: str, module: str) -> bool:
    """Whether a kernel still has the module that a cell imported; the cell may be deleted."""
    value = notebook.get(name)
    own = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", None)
    return isinstance(own, str) and own.partition(".")[0] == module.partition(".")[0]


def _imports(node: ast.AST) -> Iterator[tuple[ast.stmt, str, str]]:
    """Each import that has to work when the notebook is graded, with its name and module."""
    match node:
        case ast.Import():
            yield from ((node, imported_name(alias), alias.name) for alias in node.names)
        case ast.ImportFrom(level=0, module=str(module)):
            yield from ((node, imported_name(alias), module) for alias in node.names)
        case ast.If() if "__name__" in ast.dump(node.test):
            pass  # what only runs at the student's
        case ast.Try() if any(_catches_absence(handler) for handler in node.handlers):
            pass
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _imports(child)


def _catches_absence(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    return any(
        isinstance(node, ast.Name) and node.id in _ABSENCES for node in ast.walk(handler.type)
    )
