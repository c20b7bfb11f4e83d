"""The top-level statements of a program, each of which runs or fails by itself."""

from __future__ import annotations
import __future__

import ast
import re
import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from grader.sandbox.inside.magics import compile_without_magics

_FUTURE: Final = sum(
    getattr(__future__, name).compiler_flag for name in __future__.all_feature_names
)
_CELL_MARK: Final = re.compile(r"^# ?%%", re.MULTILINE)

#: Statements that hold others, which may all be definitions.
_BLOCKS: Final = (ast.If, ast.Try, ast.TryStar, ast.With)

#: What Python raises for text that it cannot compile.
REFUSALS: Final = (SyntaxError, ValueError, RecursionError)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a program that was compiled by itself: a script, or a cell."""

    where: str  # its name in messages
    text: str  # plain Python, at the lines that it has in its file
    code: types.CodeType

    def statements(self) -> list[ast.stmt]:
        """The top-level statements."""
        return ast.parse(self.text).body

    def compile_statement(self, statement: ast.stmt) -> types.CodeType:
        """Compile one statement, under the part's own ``from __future__`` imports."""
        flags = self.code.co_flags & _FUTURE
        module = ast.Module([statement], [])
        code: types.CodeType = compile(module, self.where, "exec", flags=flags, dont_inherit=True)
        return code


@dataclass(frozen=True, slots=True)
class Refused:
    """A piece of a program that does not compile."""

    where: str
    text: str
    error: BaseException


def compile_parts(filename: str, cells: list[str], *, notebook: bool) -> Iterator[Part | Refused]:
    """Compile the cells of a notebook one by one, and a script as a whole.

    If a script does not compile and has cells, these are compiled one by one. So a broken cell
    costs only itself, as in a notebook.

    Raises:
        SyntaxError: a script, or each of its cells, does not compile; ValueError and RecursionError
            are other reasons.
    """
    if notebook:
        for number, cell in enumerate(cells, start=1):
            yield _compile(f"{filename}, cell {number}", cell)
        return
    for script in cells:  # one; a patched one has more
        whole = _compile(filename, script)
        if isinstance(whole, Part):
            yield whole
            continue
        parts = [_compile(filename, cell) for cell in _split(script)]
        if not any(isinstance(part, Part) and part.statements() for part in parts):
            raise whole.error
        yield from parts


def _compile(where: str, text: str) -> Part | Refused:
    try:
        code, plain = compile_without_magics(text, where)
    except REFUSALS as error:
        return Refused(where, text, error)
    return Part(where, plain, code)


def _split(script: str) -> list[str]:
    """The cells of a script, each below as many empty lines as it has lines above it."""
    starts = [0, *(mark.start() for mark in _CELL_MARK.finditer(script))]
    ends = [*starts[1:], len(script)]
    return [
        "\n" * script.count("\n", 0, start) + script[start:end]
        for start, end in zip(starts, ends, strict=True)
    ]


def failed_statement(
    statements: list[ast.stmt], code: types.CodeType, error: BaseException
) -> int | None:
    """The index of the statement that raised the exception; None if none had begun."""
    step = error.__traceback__
    while step is not None and step.tb_frame.f_code is not code:
        step = step.tb_next
    if step is None:
        return None
    line, _, column, _ = list(code.co_positions())[step.tb_lasti // 2]
    at = (line or step.tb_lineno, column or 0)
    begun = [index for index, statement in enumerate(statements) if _start(statement) <= at]
    return begun[-1] if begun else None


def _start(statement: ast.stmt) -> tuple[int, int]:
    lines = [decorator.lineno for decorator in getattr(statement, "decorator_list", [])]
    return (min([statement.lineno, *lines]), statement.col_offset)


def is_definition(statement: ast.stmt) -> bool:
    """Whether a statement only defines functions, classes, imports or written-out values."""
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return True
        case ast.Import() | ast.ImportFrom():
            return True
        case ast.Assign(value=value) | ast.AnnAssign(value=value):
            return value is None or _is_written_out(value)
    if not isinstance(statement, _BLOCKS):
        return False
    inner = [child for child in ast.iter_child_nodes(statement) if isinstance(child, ast.stmt)]
    for handler in getattr(statement, "handlers", []):
        inner += handler.body
    return all(isinstance(child, ast.Pass) or is_definition(child) for child in inner)


def _is_written_out(value: ast.expr) -> bool:
    """Whether a value needs no calls and no computing: numbers, texts, lists of them, lambdas."""
    if isinstance(value, ast.Lambda):
        return True
    plain = (ast.Constant, ast.Name, ast.Attribute, ast.Tuple, ast.List, ast.Set, ast.Dict)
    if isinstance(value, ast.UnaryOp):
        return _is_written_out(value.operand)
    children = [child for child in ast.iter_child_nodes(value) if isinstance(child, ast.expr)]
    return isinstance(value, plain) and all(map(_is_written_out, children))


def names_of(statement: ast.stmt) -> list[str]:
    """The names that a statement defines, as far as they are written in it."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [statement.name]
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return [imported_name(alias) for alias in statement.names]
    names = []
    for node in _outside_functions(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.append(node.id)
        elif node is not statement and isinstance(node, ast.stmt):
            names += names_of(node) if not isinstance(node, _BLOCKS) else []
    return list(dict.fromkeys(names))


def imported_name(alias: ast.alias) -> str:
    """The name that an import defines: ``np``, or ``numpy`` for ``numpy.linalg``."""
    return alias.asname or alias.name.partition(".")[0]


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
        return
    for child in ast.iter_child_nodes(node):
        yield from _outside_functions(child)


def binds(statement: ast.stmt, name: str) -> int | None:
    """The last line of a statement that binds the name; None if none does."""
    line = None
    for node in _outside_functions(statement):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                given = node.name == name
            case ast.Import() | ast.ImportFrom():
                given = any(imported_name(alias) == name for alias in node.names)
            case ast.Name(ctx=ast.Store()):
                given = node.id == name
            case _:
                given = False
        if given and isinstance(node, ast.stmt | ast.expr):
            line = node.lineno
    return line
