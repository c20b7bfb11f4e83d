"""The names in a notebook's cells: which are the student's, which a test brings along itself.

A test cell of a notebook runs where all earlier cells have run. As a check it runs in another
process than the student's program: it imports what the notebook imports, it has its own copy of the
instructor's functions and constants, and every other name that the notebook defines is the
student's.
"""

from __future__ import annotations

import ast
import builtins
import symtable
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

_UNCHANGEABLE: Final = (int, float, complex, str, bytes, bool, type(None))


@dataclass(slots=True)
class CellNames:
    """What the cells before a test define, by name."""

    imports: dict[str, str] = field(default_factory=dict)  # the statement that brings it
    due: set[str] = field(default_factory=set)  # those of them that only answers bring
    stars: list[str] = field(default_factory=list)  # `from math import *`
    #: A function or constant of the instructor's: its text.
    helpers: dict[str, str] = field(default_factory=dict)
    students: set[str] = field(default_factory=set)
    given: set[str] = field(default_factory=set)  # those of them that no answer defines
    tests: list[str] = field(default_factory=list)  # the code of earlier test cells
    modules: dict[str, str] = field(default_factory=dict)  # the instructor's, beside the notebook
    _changeable: set[str] = field(default_factory=set)  # constants such as lists

    def add(self, code: str, *, is_answer: bool) -> None:
        """Note what a cell of the program defines."""
        tree = parse(code)
        if tree is None:
            return
        brought: dict[str, str] = {}
        before = set(self.imports)
        for statement in _outside_functions(tree):
            brought |= self._add_import(statement)
        new = self.imports.keys() & bound_in(code)
        self.due = self.due | (new - before) if is_answer else self.due - new
        bound = bound_in(code)
        # A list that other code than a test's uses may not stay as it stands in its cell.
        used = used_in(code) if is_answer else _used_at_top(code)
        own = (bound | (used & self._changeable)) - self.imports.keys()
        for name in own:
            self.helpers.pop(name, None)
        if not is_answer:
            self._add_helpers(code, tree)
        self.helpers |= brought
        own -= self.helpers.keys()
        self.given = self.given - bound if is_answer else self.given | (own - self.students)
        self.students |= own

    def _add_helpers(self, code: str, tree: ast.Module) -> None:
        """Note the functions and constants of an instructor's cell."""
        times = Counter(
            name for statement in tree.body for name in bound_in(ast.unparse(statement))
        )
        for statement in tree.body:
            name = None
            if isinstance(statement, ast.FunctionDef):
                name = statement.name
            elif (constant := _constant(statement)) and times[constant.name] == 1:
                name = constant.name
                self._changeable |= {name} if constant.is_changeable else set()
            if name is not None and name not in self.students:
                self.helpers[name] = _source(code, statement)

    def _add_import(self, statement: ast.stmt) -> dict[str, str]:
        """Note what a statement imports; return what it brings of the instructor's modules."""
        brought: dict[str, str] = {}
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                name = alias.asname or alias.name.partition(".")[0]
                if not self.is_own_module(alias.name):
                    self.imports[name] = f"import {_alias(alias)}"
        elif isinstance(statement, ast.ImportFrom) and not statement.level:
            for alias in statement.names:
                text = f"from {statement.module} import {_alias(alias)}"
                if self.is_own_module(statement.module or ""):
                    brought |= self._of_module(statement.module or "", alias)
                elif alias.name == "*":
                    self.stars.append(text)
                else:
                    self.imports[alias.asname or alias.name] = text
        return brought

    def is_own_module(self, name: str) -> bool:
        """Whether a module is the instructor's: what has no copy in a check is the student's."""
        return name.partition(".")[0] in self.modules

    def without_own_imports(self, code: str) -> str:
        """A test without what it imports of the instructor's modules, which it has otherwise."""
        lines = code.split("\n")
        tree = parse(code)
        for node in tree.body if tree else []:
            module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            names = (
                [alias.name for alias in node.names] if isinstance(node, ast.Import) else [module]
            )
            whole = "\n".join(lines[node.lineno - 1 : node.end_lineno])
            alone = parse(whole)  # not so in `import utils; x = 1`
            if any(map(self.is_own_module, names)) and alone and len(alone.body) == 1:
                lines[node.lineno - 1 : node.end_lineno] = ["pass", *[""] * whole.count("\n")]
        return "\n".join(lines)

    def copy(self) -> CellNames:
        """These names; later ones are added to only one of the two."""
        return replace(
            self,
            imports=dict(self.imports),
            due=set(self.due),
            stars=list(self.stars),
            helpers=dict(self.helpers),
            students=set(self.students),
            given=set(self.given),
            tests=list(self.tests),
            _changeable=set(self._changeable),
        )

    def add_test(self, code: str) -> None:
        """Note a test, and what it imports of the instructor's modules."""
        tree = parse(code)
        for node in tree.body if tree else []:
            if isinstance(node, ast.Import | ast.ImportFrom):
                text = ast.unparse(node)
                if self.without_own_imports(text) != text:
                    self.add(text, is_answer=False)
        self.tests.append(code)

    def _of_module(self, module: str, alias: ast.alias) -> dict[str, str]:
        """A function or constant of a module of the instructor's, with what it uses there."""
        inner = CellNames()
        inner.add(self.modules.get(module, ""), is_answer=False)
        wanted = set(inner.helpers) if alias.name == "*" else {alias.name} & inner.helpers.keys()
        needs = find_needs("\n".join(sorted(wanted)), inner)
        if alias.asname or needs.students or needs.unknown:
            return {}
        used = {name: text for name, text in inner.imports.items() if text in needs.imports}
        self.imports |= used
        return needs.helpers


@dataclass(slots=True)
class Needs:
    """What a check brings along, and what it imports from the student's module."""

    imports: list[str] = field(default_factory=list)
    helpers: dict[str, str] = field(default_factory=dict)
    students: set[str] = field(default_factory=set)
    due: set[str] = field(default_factory=set)  # imports that the student has to have
    unknown: set[str] = field(default_factory=set)


def find_needs(code: str, names: CellNames) -> Needs:
    """Look up each name that some code uses and does not define."""
    needs = Needs()
    todo = used_in(code)
    seen: set[str] = set()
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        if name in names.helpers:
            needs.helpers[name] = names.helpers[name]
            todo |= used_in(names.helpers[name])
        elif name in names.imports:
            needs.imports.append(names.imports[name])
            needs.due |= {name} & names.due
        elif name in names.students:
            needs.students.add(name)
        elif not hasattr(builtins, name):
            needs.unknown.add(name)
    if needs.unknown:
        needs.imports += names.stars
    needs.imports = sorted(set(needs.imports))
    return needs


def with_earlier(code: str, names: CellNames, tests: Iterable[str]) -> str:
    """Some test's code, below those statements of earlier tests that define what it uses."""
    defined = names.helpers.keys() | names.imports.keys() | names.students
    wanted = {name for name in used_in(code) if name not in defined and not hasattr(builtins, name)}
    brought: list[str] = []
    for test in reversed(list(tests)):
        tree = parse(test)
        for statement in reversed(tree.body if tree else []):
            text = _source(test, statement)
            if bound_in(text) & wanted:
                brought.append(text)
                wanted |= used_in(text) - defined
    return "\n".join([*reversed(brought), code])


def bound_in(code: str) -> set[str]:
    """The names that some code gives something to at its top level."""
    table = _table(code)
    if table is None:
        return set()
    return {
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_assigned() or symbol.is_imported()
    }


def used_in(code: str) -> set[str]:
    """The names that some code uses, and does not define at its top level."""
    table = _table(code)
    if table is None:
        return set()
    return set(_used(table)) - bound_in(code)


def _used_at_top(code: str) -> set[str]:
    """The names that some code uses outside its functions."""
    table = _table(code)
    symbols = table.get_symbols() if table is not None else ()
    return {symbol.get_name() for symbol in symbols if symbol.is_referenced()}


class _Constant(NamedTuple):
    name: str
    is_changeable: bool  # a list, say


def _constant(statement: ast.stmt) -> _Constant | None:
    """The name that a statement gives a literal value to."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            pass
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            pass
        case _:
            return None
    with suppress(ValueError, TypeError, RecursionError, MemoryError):
        constant = ast.literal_eval(value)
        return _Constant(name, is_changeable=not isinstance(constant, _UNCHANGEABLE))
    return None


def _used(table: symtable.SymbolTable) -> Iterator[str]:
    is_top = table.get_type() == "module"
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (is_top or symbol.is_global()):
            yield symbol.get_name()
    for child in table.get_children():
        yield from _used(child)


def _table(code: str) -> symtable.SymbolTable | None:
    try:
        return symtable.symtable(code, "cell", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def parse(code: str) -> ast.Module | None:
    """The syntax tree of some code; None if it is no Python."""
    try:
        return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def imported_in(code: str) -> set[str]:
    """The modules that some code imports: the first part of each name."""
    tree = parse(code)
    return {name for node in ast.walk(tree or ast.Module([], [])) for name in _imported(node)}


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name.partition(".")[0] for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module.partition(".")[0]]
    return []


def _source(code: str, statement: ast.stmt) -> str:
    first = min(
        [
            statement.lineno,
            *(decorator.lineno for decorator in getattr(statement, "decorator_list", [])),
        ]
    )
    lines = code.split("\n")[first - 1 : statement.end_lineno]
    if statement.col_offset or (parse("\n".join(lines)) is None):  # `a = 1; b = 2`
        return ast.unparse(statement)
    return "\n".join(lines)


def _alias(alias: ast.alias) -> str:
    return f"{alias.name} as {alias.asname}" if alias.asname else alias.name


def _outside_functions(node: ast.AST) -> Iterator[ast.stmt]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield child
        if not isinstance(
            child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
        ):
            yield from _outside_functions(child)
