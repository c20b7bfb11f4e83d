"""Puts markers around the answers of a solution: what the stub has not."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from grader.course.stubs import BEGIN, END, Function
from grader.importing.cell_names import parse

_Block = Sequence[ast.stmt]


class _Answer(NamedTuple):
    first: int  # lines, from 1
    last: int
    indent: str
    kept: tuple[str, ...] = ()  # lines of the stub that stand above it


def mark_answers(solution: str, stub: str | None) -> str:
    """The solution with markers around its answers.

    Answers are the bodies of functions, and definitions that the stub lacks. A value that the stub
    has, too, such as None, stands above the answer. Where there is no stub, students get the heads
    of all functions and whatever else is at the top level.

    Args:
        solution: a program without markers.
        stub: what students start from, which may be no more than names; None if there is none.
    """
    tree, start = parse(solution), None if stub is None else parse(stub)
    if tree is None or BEGIN in solution:
        return solution
    lines = solution.split("\n")
    stub_body = None if start is None else start.body
    answers = list(_joined(_answers_in(tree.body, stub_body, lines), lines))
    for answer in reversed(answers):
        lines[answer.last :] = [f"{answer.indent}{END}", *lines[answer.last :]]
        lines[answer.first - 1 :] = [
            *answer.kept,
            f"{answer.indent}{BEGIN}",
            *lines[answer.first - 1 :],
        ]
    return "\n".join(lines)


def _answers_in(body: _Block, stub: _Block | None, lines: Sequence[str]) -> Iterator[_Answer]:
    same = {ast.dump(node) for node in stub or ()}
    for node in body:
        twin = _twin(node, stub)
        if isinstance(node, Function) and (stub is None or twin is not None):
            yield from _body_of(node, lines)
        elif isinstance(node, ast.ClassDef) and (stub is None or isinstance(twin, ast.ClassDef)):
            inner = twin.body if isinstance(twin, ast.ClassDef) else None
            yield from _answers_in(node.body, inner, lines)
        elif not (stub is None or ast.dump(node) in same or _is_frame(node)):
            kept = [
                ast.unparse(statement)
                for statement in stub
                if _target(statement) and _target(statement) == _target(node)
            ]
            answer = _answer(node, node, lines)
            yield answer._replace(kept=tuple(f"{answer.indent}{line}" for line in kept))


def _target(node: ast.stmt) -> str | None:
    """The name that an assignment gives a value to, if it is a single one."""
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        return node.targets[0].id if isinstance(node.targets[0], ast.Name) else None
    return None


def _is_frame(node: ast.stmt) -> bool:
    """Whether students get the statement in any case: an import, a docstring."""
    is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return is_text or isinstance(node, ast.Import | ast.ImportFrom | ast.Pass)


def _twin(node: ast.stmt, stub: _Block | None) -> ast.stmt | None:
    """The function or class of that name in the stub."""
    name = getattr(node, "name", None)
    kinds = Function | ast.ClassDef
    return next(
        (
            statement
            for statement in stub or ()
            if isinstance(statement, kinds) and name is not None and statement.name == name
        ),
        None,
    )


def _body_of(function: Function, lines: Sequence[str]) -> Iterator[_Answer]:
    """The body without the docstring; all of the function if it stands in the line of the head."""
    body = function.body
    if len(body) > 1 and ast.get_docstring(function) is not None:
        body = body[1:]
    begins_its_line = lines[_first(body[0]) - 1][: body[0].col_offset].isspace()
    is_docstring_alone = body is function.body and ast.get_docstring(function) is not None
    if not begins_its_line:
        yield _answer(function, function, lines)
    elif not is_docstring_alone:
        yield _answer(body[0], body[-1], lines)


def _answer(first: ast.stmt, last: ast.stmt, lines: Sequence[str]) -> _Answer:
    begin = _first(first)
    line = lines[begin - 1]
    return _Answer(begin, last.end_lineno or begin, line[: len(line) - len(line.lstrip())])


def _first(node: ast.stmt) -> int:
    """The line of a statement, or of its first decorator."""
    marks: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in marks)])


def _joined(answers: Iterator[_Answer], lines: Sequence[str]) -> Iterator[_Answer]:
    """The answers, those joined that have nothing but blank lines and comments between them."""
    held: _Answer | None = None
    for answer in answers:
        if held is not None and held.indent == answer.indent:
            between = lines[held.last : answer.first - 1]
            if all(not line.strip() or line.lstrip().startswith("#") for line in between):
                held = _Answer(held.first, answer.last, answer.indent, (*held.kept, *answer.kept))
                continue
        if held is not None:
            yield held
        held = answer
    if held is not None:
        yield held
