"""Finds hints that reveal an answer.

A hint reveals an answer if it contains

* three quarters or more of the tokens of an expression of the answer, in one piece, or
* code that is such an expression with other names of variables.

Only expressions count that compute something and are returned, or long.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from grader.course.stubs import answer_regions

_SHARE: Final = 0.75  # of an expression's tokens
_LONG: Final = 8  # tokens; shorter expressions count only if they are returned
_TOKEN: Final = re.compile(r"\w+|[^\w\s]")
_CODE: Final = re.compile(r"`+([^`]+)`+")
_COMPUTES: Final = (ast.Call, ast.BinOp, ast.BoolOp, ast.Compare, ast.Subscript)


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """An expression of an answer."""

    code: str  # as Python writes it
    shape: str  # the same, with numbers for the names of variables


def answer_lines(solution_text: str, *, where: str) -> list[AnswerLine]:
    """The expressions that a hint must not contain, from all answers of a lesson.

    Raises:
        CourseError: the answers cannot be found.
    """
    tree = ast.parse(solution_text)
    regions = answer_regions(solution_text, where=where)
    kept = fixed_names(solution_text)
    lines = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Return | ast.Assign | ast.AugAssign | ast.Expr):
            continue
        if not any(region.begin < node.lineno < region.end for region in regions):
            continue
        value = node.value
        if value is None or not any(isinstance(part, _COMPUTES) for part in ast.walk(value)):
            continue
        code = ast.unparse(value)
        if isinstance(node, ast.Return) or len(_tokens(code)) >= _LONG:
            lines.append(AnswerLine(code, _shape(value, kept)))
    return lines


def fixed_names(solution_text: str) -> frozenset[str]:
    """Names that mean the same in every student's code: builtins, imports, the lesson's names."""
    names = set(vars(builtins))
    for node in ast.parse(solution_text).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            names.update((alias.asname or alias.name).partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
    return frozenset(names)


def find_revealed_line(
    hint: str, lines: Collection[AnswerLine], kept: Collection[str]
) -> AnswerLine | None:
    """The line of an answer that a hint reveals; None if it reveals none.

    Args:
        hint: what the student reads.
        lines: see :func:`answer_lines`.
        kept: see :func:`fixed_names`.
    """
    tokens = _tokens(hint)
    shapes = {_shape(node, kept) for code in _CODE.findall(hint) for node in _expressions(code)}
    for line in lines:
        wanted = _tokens(line.code)
        matcher = SequenceMatcher(None, wanted, tokens, autojunk=False)
        if matcher.find_longest_match().size >= _SHARE * len(wanted) or line.shape in shapes:
            return line
    return None


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text)


def _expressions(code: str) -> Iterator[ast.expr]:
    """The expressions in a piece of code; none if it is not Python."""
    try:
        tree = ast.parse(code.strip())
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Return | ast.Assign | ast.AugAssign | ast.Expr) and node.value:
            yield node.value


def _shape(node: ast.expr, kept: Collection[str]) -> str:
    """The expression with its variables numbered in the order in which they appear."""
    numbers: dict[str, str] = {}

    class Renamed(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.Name:
            if node.id in kept:
                return node
            return ast.Name(numbers.setdefault(node.id, f"_{len(numbers)}"), node.ctx)

    copy = ast.parse(ast.unparse(node), mode="eval").body
    return ast.unparse(Renamed().visit(copy))
