"""Otter's tests as statements of checks: cells of a notebook, and test files of both formats."""

from __future__ import annotations

import ast
import doctest
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import yaml

from grader.importing.cell_names import parse

_CONFIG: Final = re.compile(
    r"^\s*(?P<quotes>\"{3}|'{3})\s*# BEGIN TEST CONFIG\s*\n"
    r"(?P<config>.*?)(?P=quotes)\s*# END TEST CONFIG[^\n]*\n?",
    re.DOTALL,
)
_HEAD: Final = re.compile(r"^\s*#+\s*(HIDDEN|TEST\b|HIDDEN TEST)[^\n]*\n?", re.IGNORECASE)


@dataclass(slots=True)
class Case:
    """One test case of a question."""

    code: str
    name: str = ""
    points: float | None = None
    hidden: bool = False


def case_of_cell(text: str, printed: str) -> Case:
    """The test case in a notebook's cell, which should print what it printed for the author."""
    case = Case(text)
    if match := _CONFIG.match(text):
        config = read_yaml(match["config"])
        case.code = text[match.end() :]
        case.hidden = config.get("hidden") is True
        case.points = as_points(config.get("points"))
        case.name = str(config.get("name") or "")
    elif match := _HEAD.match(text):
        case.code = text[match.end() :]
        case.hidden = "HIDDEN" in match[1].upper()
    case.code = _asserted(case.code, printed)
    return case


def read_test_file(text: str) -> tuple[str, float | list[float] | None, list[Case]]:
    """The name, the points and the cases of a test file, which is not run.

    Raises:
        ValueError: it is of neither of Otter's formats.
    """
    tree = parse(text)
    if tree is None:
        raise ValueError("is no Python that compiles")
    values: dict[str, Any] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            try:
                values[node.targets[0].id] = ast.literal_eval(node.value)
            except (ValueError, TypeError, MemoryError, RecursionError):
                continue
    test = values.get("test")
    if isinstance(test, dict):
        return read_test(test)
    cases = [case for case in map(_exception_case, _tests_in(tree)) if case is not None]
    if not cases:
        raise ValueError("has no `test = {…}` and no function with `@test_case`")
    cases = _joined(cases, values.get("all_or_nothing"))
    return str(values.get("name") or ""), _question_points(values.get("points")), cases


def _joined(cases: list[Case], all_or_nothing: object) -> list[Case]:
    """The cases of a question; as one, if they give their points together or not at all."""
    if all_or_nothing is not True or not cases[1:]:
        return cases
    return [Case("\n".join(case.code for case in cases), hidden=any(case.hidden for case in cases))]


def read_test(test: Mapping[str, Any]) -> tuple[str, float | list[float] | None, list[Case]]:
    """The name, the points and the cases of a test in OK's format."""
    points = _question_points(test.get("points"))
    cases = _joined(list(_ok_cases(test)), test.get("all_or_nothing"))
    return str(test.get("name") or ""), points, cases


def share_points(points: float | list[float] | None, cases: Sequence[Case]) -> list[float]:
    """What each case is worth, as Otter divides the points of a question."""
    given = [case.points for case in cases]
    if isinstance(points, list):
        if len(points) == len(cases):
            return points
        points = sum(points)
    open_cases = given.count(None)
    given_points = sum(points for points in given if points is not None)
    if points is None:
        rest = 1.0 if open_cases == len(cases) else 0.0
    else:
        rest = max(points - given_points, 0.0)
    return [rest / open_cases if points is None else points for points in given]


def read_yaml(text: str) -> Mapping[str, Any]:
    """A mapping in YAML; empty if it is none."""
    try:
        value = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def as_points(value: object) -> float | None:
    """A number of points; None if it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value < 1e6 else None


def _question_points(value: object) -> float | list[float] | None:
    if isinstance(value, list):
        return [as_points(points) or 0.0 for points in value]
    if isinstance(value, dict):
        return None
    return as_points(value)


def _ok_cases(test: Mapping[str, Any]) -> Iterator[Case]:
    suites = test.get("suites")
    for suite in suites if isinstance(suites, list) else []:
        cases = suite.get("cases") if isinstance(suite, dict) else None
        for case in cases if isinstance(cases, list) else []:
            code = case.get("code") if isinstance(case, dict) else None
            if isinstance(code, str):
                setup = str(suite.get("setup") or "")
                try:
                    examples = doctest.DocTestParser().get_examples(f"{setup}\n{code}")
                except ValueError:
                    continue
                lines = [_asserted(example.source, example.want) for example in examples]
                yield Case(
                    "\n".join(line.rstrip("\n") for line in lines),
                    str(case.get("name") or ""),
                    as_points(case.get("points")),
                    case.get("hidden") is True,
                )


def _tests_in(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    yield from (node for node in tree.body if isinstance(node, ast.FunctionDef))


def _exception_case(function: ast.FunctionDef) -> Case | None:
    """The case in a function with `@test_case`; its parameters are names of the notebook."""
    for mark in function.decorator_list:
        called = mark.func if isinstance(mark, ast.Call) else mark
        if ast.unparse(called).rpartition(".")[2] != "test_case":
            continue
        said: dict[str, Any] = {}
        for keyword in mark.keywords if isinstance(mark, ast.Call) else []:
            if keyword.arg and isinstance(keyword.value, ast.Constant):
                said[keyword.arg] = keyword.value.value
        code = "\n".join(ast.unparse(statement) for statement in function.body)
        if "env" in {parameter.arg for parameter in function.args.args}:
            names = re.findall(r"env\[['\"](\w+)['\"]\]", code)
            pairs = ", ".join(f"{name!r}: {name}" for name in dict.fromkeys(names))
            code = f"env = {{{pairs}}}\n{code}"
        name = said.get("name") or function.name
        return Case(code, str(name), as_points(said.get("points")), said.get("hidden") is True)
    return None


def _asserted(source: str, printed: str) -> str:
    """The source with an assertion that it shows what it showed: as a value, or printed."""
    tree, wanted = parse(source), printed.strip()
    if tree is None or not tree.body or not wanted:
        return source
    last = tree.body[-1]
    if not isinstance(last, ast.Expr):
        return source
    above = "\n".join(source.split("\n")[: last.lineno - 1])
    expression = ast.unparse(last.value)
    if isinstance(last.value, ast.Call) and ast.unparse(last.value.func) == "print":
        said = [
            "import contextlib, io",
            "with contextlib.redirect_stdout(io.StringIO()) as printed:",
            f"    {expression}",
            f"assert printed.getvalue().strip() == {wanted!r}",
        ]
    else:
        said = [_comparison(expression, wanted)]
    return "\n".join([*([above] if above.strip() else []), *said])


def _comparison(expression: str, wanted: str) -> str:
    if wanted in {"True", "np.True_"}:
        return f"assert {expression}"
    if wanted in {"False", "np.False_"}:
        return f"assert not ({expression})"
    plain = re.sub(r"^np\.(?:float|int)\d+\((.*)\)$", r"\1", wanted)
    try:
        ast.literal_eval(plain)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return f"assert repr({expression}) == {wanted!r}"
    return f"assert ({expression}) == {plain}"
