"""Mutants of a solution: copies with one slip each, in an answer.

In code, :mod:`grader.verify.mutation_operators` says what a slip is. In a dict of texts, a question
gets the answer of another question, or two answers.

Every mutant should be noticed by some check. Libraries for mutation testing run the tests of a
project on its own modules. Here a mutant is handed in as a student's work and graded in the
sandbox, so it only has to be made. libcst makes it: it changes one node of a program and keeps the
text of all others.
"""

from __future__ import annotations

import ast
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from grader.course.stubs import (
    Function,
    Region,
    answer_regions,
    function_around,
    functions_of,
    tables_in,
)
from grader.verify.mutation_operators import replacements


@dataclass(frozen=True, slots=True)
class Mutant:
    """One changed copy of a lesson."""

    function: str  # whose answer was changed; of a dict of texts, its name
    line: int  # of the change, in the solution
    was: str  # the changed statement, without comments, in the form of `ast.unparse`
    now: str
    text: str  # the whole file
    module: str = ""  # the path of the further module that was changed; the lesson itself if empty

    @property
    def change(self) -> str:
        """The change in one line, which stays the same when other lines of the lesson change."""
        return f"{self.was} → {self.now}"


def mutants(
    solution_text: str, *, where: str, written: Container[tuple[str, str]] = ()
) -> Iterator[Mutant]:
    """All different mutants of a lesson that compile, in the order of its lines.

    Args:
        solution_text: the reference lesson.
        where: the name of the file in an error.
        written: the answers that a person marks, as (dict, question); no check reads them.

    Raises:
        CourseError: the answers cannot be found.
    """
    lines = solution_text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")
    tree = ast.parse("\n".join(lines))
    for region in answer_regions(solution_text, where=where):
        for name, table in tables_in(region, tree):
            yield from _exchanged_answers(lines, name.partition(":")[0], table, written)
        for function in functions_of(region, tree):
            if function is function_around(region, tree):
                yield from _mutants_of(lines, region, function)
            elif function.body[0].lineno > function.lineno:  # a whole function is the answer
                body = Region(function.body[0].lineno - 1, (function.end_lineno or 0) + 1)
                yield from _mutants_of(lines, body, function)


def _mutants_of(lines: Sequence[str], region: Region, function: Function) -> Iterator[Mutant]:
    """The mutants of the lines between two others of a function."""
    original = _normalise(lines[region.begin : region.end - 1])
    seen = {original}
    for number, answer in _changed_answers(lines, region, function):
        text = "\n".join([*lines[: region.begin], *answer, *lines[region.end - 1 :]]) + "\n"
        if not _compiles(text):
            continue
        normal = _normalise(answer)
        was, now = _difference(original, normal)
        if normal in seen or _assigns_to_itself(now):
            continue
        seen.add(normal)
        yield Mutant(function.name, number, was, now, text)


def _exchanged_answers(
    lines: Sequence[str], name: str, table: ast.Dict, written: Container[tuple[str, str]]
) -> Iterator[Mutant]:
    """Each question of a dict with each answer of another question, and with two at once."""
    items = [
        (key.value, value, value.value)
        for key, value in zip(table.keys, table.values, strict=True)
        if isinstance(key, ast.Constant)
        and isinstance(value, ast.Constant)
        and isinstance(value.value, str)
        and (name, key.value) not in written
    ]
    answers = list(dict.fromkeys(answer for _, _, answer in items))
    for question, node, answer in items:
        # A dict with one question has no other answer.
        others = [letter for letter in answers if letter != answer] or ["?"]
        for other in [*others, f"{answer} or {others[0]}"]:
            text = "\n".join(_replace_node(lines, node, repr(other))) + "\n"
            was, now = (f"{question!r}: {letter!r}" for letter in (answer, other))
            yield Mutant(name, node.lineno, was, now, text)


def _replace_node(lines: Sequence[str], node: ast.expr, code: str) -> list[str]:
    """The lines with other code in place of a node."""
    last = node.end_lineno or node.lineno
    start = lines[node.lineno - 1].encode()[: node.col_offset].decode()
    end = lines[last - 1].encode()[node.end_col_offset :].decode()
    return [*lines[: node.lineno - 1], start + code + end, *lines[last:]]


def _changed_answers(
    lines: Sequence[str], region: Region, function: Function
) -> Iterator[tuple[int, list[str]]]:
    """Each changed answer as lines, with the number of the line where the change begins."""
    bound = _bound_before(function, region.begin)
    head = "def answer():"
    module = cst.parse_module("\n".join([head, *lines[region.begin : region.end - 1]]) + "\n")
    wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
    positions = wrapper.resolve(PositionProvider)
    assigned = [
        (positions[target].end.line, target.value)
        for statement in _assignments(module)
        for target in _targets(statement)
    ]
    for node, is_called in _places(module):
        line = positions[node].start.line
        names = [*bound, *(name for at, name in assigned if at < line)]
        for new in replacements(node, [] if is_called else list(dict.fromkeys(names))):
            changed = module.deep_replace(node, new)
            assert isinstance(changed, cst.Module)
            yield region.begin + line - 1, changed.code.splitlines()[1:]


def _places(node: cst.CSTNode) -> Iterator[tuple[cst.CSTNode, bool]]:
    """The nodes where a slip could matter, each with whether it is the function of a call.

    It leaves out the targets of assignments, the names of keywords and attributes, strings that
    serve as comments, and the messages of errors.
    """
    for child in node.children:
        if isinstance(child, cst.AssignTarget | cst.Annotation | cst.BaseFormattedStringContent):
            continue
        if isinstance(child, cst.Expr) and isinstance(child.value, cst.BaseString):
            continue
        if isinstance(node, cst.Attribute) and child is node.attr:
            continue
        if isinstance(node, cst.Arg) and child is node.keyword:
            continue
        if isinstance(node, cst.CompFor | cst.For | cst.AugAssign) and child is node.target:
            continue
        if isinstance(node, cst.FunctionDef) and child is not node.body:
            continue
        if isinstance(node, cst.Lambda) and child is node.params:
            continue
        yield child, isinstance(node, cst.Call) and child is node.func
        if not isinstance(child, cst.Raise):
            yield from _places(child)


def _bound_before(function: Function, line: int) -> list[str]:
    """The parameters, and the names that have a value before that line of the function."""
    arguments = function.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    names = [argument.arg for argument in every]
    names += [
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.lineno < line
    ]
    return list(dict.fromkeys(names))


def _assignments(module: cst.Module) -> Iterator[cst.AssignTarget]:
    nodes: list[cst.CSTNode] = [module]
    for node in nodes:  # the loop below appends to it
        if isinstance(node, cst.AssignTarget):
            yield node
        nodes.extend(node.children)


def _targets(node: cst.CSTNode) -> Iterator[cst.Name]:
    """The plain names in the target of an assignment."""
    if isinstance(node, cst.Name):
        yield node
    elif isinstance(node, cst.AssignTarget | cst.Tuple | cst.List | cst.Element):
        for child in node.children:
            yield from _targets(child)


def _assigns_to_itself(line: str) -> bool:
    """Whether the line assigns a name to itself. The mutant with `pass` does the same."""
    left, _, right = line.partition(" = ")
    return left == right


def _compiles(text: str) -> bool:
    try:
        compile(text, "mutant", "exec", dont_inherit=True)
    except SyntaxError:
        return False
    return True


def _normalise(answer: Sequence[str]) -> tuple[str, ...]:
    """The answer as Python writes it: one line a statement, without comments."""
    return tuple(ast.unparse(ast.parse("\n".join(["def answer():", *answer]))).splitlines()[1:])


def _difference(was: Sequence[str], now: Sequence[str]) -> tuple[str, str]:
    """The lines in which two answers differ, joined to one line for each answer."""
    same = [*takewhile(lambda pair: pair[0] == pair[1], zip(was, now, strict=False))]
    was, now = was[len(same) :], now[len(same) :]
    same = [*takewhile(lambda pair: pair[0] == pair[1], zip(was[::-1], now[::-1], strict=False))]
    end = len(same)
    was, now = was[: len(was) - end], now[: len(now) - end]
    return "; ".join(map(str.strip, was)), "; ".join(map(str.strip, now))
