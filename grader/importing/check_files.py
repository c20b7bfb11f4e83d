"""Check files made of a notebook's test cells."""

from __future__ import annotations

import ast
import io
import re
import textwrap
import tokenize
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib.util import find_spec
from typing import Final

from grader.importing.cell_names import CellNames, Needs, find_needs, parse, with_earlier
from grader.importing.draft import DraftCheck, DraftLesson

#: Code on the student's side that runs a test cell among the names of the student's program.
_BESIDE: Final = '''\
#: Runs a test beside the student's code, which can read it and decide what comes of it.
BESIDE = """
import sys

def run(test, last="None"):
    names = vars(sys.modules[{lesson!r}])
    exec(compile(test, "the test", "exec"), names)
    return eval(last, names)
"""
'''


def check_file(lesson: DraftLesson, *, hidden: bool) -> str | None:
    """The text of a lesson's visible or hidden checks; None if it has none."""
    checks = [check for check in lesson.checks if check.hidden is hidden]
    if not checks:
        return None
    needs, functions = Needs(), []
    for check in checks:
        names = check.names if check.is_anchored and check.names else lesson.names
        code = with_earlier(check.code, names, lesson.names.tests[: check.before])
        if check.inside:
            functions.append(_beside(check, code, lesson))
        else:
            code, stars = _without_stars(names.without_own_imports(code))
            own_needs = find_needs(code, names)
            imports = [*own_needs.imports, *stars]
            missing = [line for line in imports if not _can_be_imported(line)]
            needs.imports += [line for line in imports if line not in missing]
            first = missing  # costs this check alone
            if check.is_anchored:
                first += _at_its_place(lesson.id, names, own_needs)
            else:
                needs.helpers |= own_needs.helpers
                needs.students |= own_needs.students
            if own_needs.due:
                first += [f"import {lesson.id}"]
                first += [f"assert str({lesson.id}.{name})" for name in sorted(own_needs.due)]
            code = _with_first(first, code)
            functions.append(_function(check, code, lesson))
    kind = "Hidden checks." if hidden else "Checks that students have, too."
    head = [f'"""{kind}"""', ""]
    head += sorted({"import pytest", *needs.imports})
    if any("earn_last_value(" in function for function in functions):
        head += ["", "from grader.testing import earn_last_value"]
    if needs.students:
        head += ["", f"from {lesson.id} import {', '.join(sorted(needs.students))}"]
    if any(check.inside for check in checks):
        head += ["", _BESIDE.format(lesson=lesson.id).rstrip()]
    # As they stand in the notebook: a decorator, or a default, may need an earlier one.
    helpers = [text for name, text in lesson.names.helpers.items() if name in needs.helpers]
    return "\n\n\n".join(["\n".join(head), *helpers, *functions]) + "\n"


def _at_its_place(lesson: str, names: CellNames, needs: Needs) -> Iterator[str]:
    """What a check brings along itself, because its names mean something else later."""
    if needs.students:
        yield f"from {lesson} import {', '.join(sorted(needs.students))}"
    yield from (text for name, text in names.helpers.items() if name in needs.helpers)


def _with_first(statements: Sequence[str], code: str) -> str:
    """The code with these statements first, but below a docstring."""
    tree = parse(code)
    end = tree.body[0].end_lineno if tree and ast.get_docstring(tree) else 0
    lines = code.split("\n")
    return "\n".join([*lines[:end], *statements, *lines[end:]])


def _can_be_imported(statement: str) -> bool:
    """Whether this machine has the module of an import."""
    module = statement.split()[1].partition(".")[0]
    with suppress(ImportError, ValueError):
        return find_spec(module) is not None
    return False


def _function(check: DraftCheck, code: str, lesson: DraftLesson) -> str:
    body, last = last_value(code) if check.points else (code, "")
    lines = [*_head(check, lesson, "", code), *([_indented(body)] if body.strip() else [])]
    if last:
        lines.append(f"    {_earned(last, check)}")
    return "\n".join(lines)


def _earned(value: str, check: DraftCheck) -> str:
    return f"earn_last_value({value}, of={check.points:g})"


def _beside(check: DraftCheck, code: str, lesson: DraftLesson) -> str:
    code, last = last_value(code) if check.points else (code, "")
    quotes = "'''" if "'''" not in code else '"""'
    text = f"r{quotes}\n{code.rstrip()}\n{quotes}" if quotes not in code else repr(code)
    run = ["student.glue(BESIDE).run(", text, ")"]
    if last:
        run = [_earned("\n".join([*run[:2], f", {last!r})"]), check)]
    return "\n".join([*_head(check, lesson, "student", ""), f"    {run[0]}", *run[1:]])


def last_value(code: str) -> tuple[str, str]:
    """The code without its last expression, and this, whose value is nbgrader's mark of the cell.

    The expression is empty where nbgrader sees no value: behind a semicolon, or of an assertion.
    """
    tree = parse(code)
    last = tree.body[-1] if tree and tree.body else None
    if tree is None or not isinstance(last, ast.Expr) or _shows_nothing(last.value):
        return code, ""
    lines = code.split("\n")
    end = last.value.end_lineno or last.lineno
    if lines[end - 1].encode()[last.value.end_col_offset :].strip()[:1] == b";":
        return code, ""
    if last.col_offset:  # `x = 1; x`
        return ast.unparse(ast.Module(tree.body[:-1], [])), ast.unparse(last)
    return "\n".join(lines[: last.lineno - 1]), ast.unparse(last)


def _shows_nothing(value: ast.expr) -> bool:
    """Whether an expression cannot be a mark: a text, or a call that returns nothing."""
    if isinstance(value, ast.Constant):
        return not isinstance(value.value, int | float)
    call = value.func if isinstance(value, ast.Call) else None
    return str(getattr(call, "attr", getattr(call, "id", ""))).startswith(("assert", "print"))


def _head(check: DraftCheck, lesson: DraftLesson, parameters: str, code: str) -> list[str]:
    """The marks, the first line and the docstring of a check, if its code begins with none."""
    lines = [f"@pytest.mark.builds_on({check.builds_on!r})"] if check.builds_on else []
    if check.is_anchored:
        lines.append(f"@pytest.mark.after_cell({check.anchor!r})")
    elif lesson.keeps_tests:
        lines.append(f"@pytest.mark.or_after_cell({check.anchor!r})")
    lines.append(f"@pytest.mark.points({check.points:g})")
    lines.append(f"def {check.name}({parameters}):")
    tree = parse(code)
    if tree is None or not ast.get_docstring(tree):
        lines.append(f"    {quote(check.title)}")
    return lines


def quote(title: str) -> str:
    """A title as a docstring."""
    text = title.replace("\\", "\\\\").replace('"""', "'''")
    return f'"""{text[:-1]}\\""""' if text.endswith('"') else f'"""{text}"""'


def _indented(code: str) -> str:
    """The code, indented; but not the lines within a text of several lines."""
    inside: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.start[0] < token.end[0] and token.type not in {tokenize.NEWLINE, tokenize.NL}:
            inside |= set(range(token.start[0] + 1, token.end[0] + 1))
    lines = code.rstrip().split("\n")
    return "\n".join(
        line if number in inside or not line.strip() else f"    {line}"
        for number, line in enumerate(lines, start=1)
    )


def _without_stars(code: str) -> tuple[str, list[str]]:
    """The code without `from … import *`, which no function may have, and these lines."""
    star = re.compile(r"^from [\w.]+ import \*[ \t]*(?:#.*)?$", re.MULTILINE)
    return star.sub("pass", code), [line.partition("#")[0].strip() for line in star.findall(code)]


def tests_something(code: str) -> bool:
    """Whether some code could fail: it has more than comments, imports and definitions."""
    tree = parse(textwrap.dedent(code))
    if tree is None:
        return False
    kinds = ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef | ast.Pass
    body = [statement for statement in tree.body if not isinstance(statement, kinds)]
    return any(
        not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
        for statement in body
    )
