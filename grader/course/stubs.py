"""Stubs: solutions with the answers taken out.

An answer stands between the marker lines ``### BEGIN SOLUTION`` and ``### END SOLUTION``, as in
nbgrader, and `raise NotImplementedError` replaces it. Outside a function, two kinds of answers are
replaced by something else: a dict of texts (a question's id: the answer) by the same dict with
empty texts, and definitions that only other answers use by nothing. No part of an answer may reach
a student, so a line that looks like a marker and is not exactly one is an error.
"""

from __future__ import annotations

import ast
import io
import json
import re
import textwrap
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.course.course import Course
from grader.course.lesson import Lesson
from grader.course.questions import unasked
from grader.course.yaml_file import read_text
from grader.errors import CourseError

BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"

# Probably meant as a marker: other case, other spacing, one `#`, a colon. Also what nbgrader takes
# for a marker: the two words anywhere in a line.
_LOOKS_LIKE_A_MARKER = re.compile(
    r"(?i:#+\s*(begin|end)[\s_-]*solutions?\b\W*$)|(BEGIN|END) SOLUTION"
)

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Region:
    """One answer: the numbers of its marker lines, from 1."""

    begin: int
    end: int


def make_stub(solution_text: str, *, where: str, needs_answer: bool = True) -> str:
    """The text of a lesson with each answer taken out.

    Args:
        solution_text: the reference lesson, with any line ends.
        where: the file's name in errors.
        needs_answer: whether a text without an answer is an error.

    Raises:
        CourseError: the text does not compile or has no answer, a marker is out of place, or an
            answer is not made of whole statements of one block. One line per problem, with the
            file and the line.
    """
    text = solution_text.replace("\r\n", "\n").replace("\r", "\n")
    tree = _compiled(text, where, "the solution")
    lines = text.split("\n")
    problems: list[str] = []
    regions = list(_regions(text, where, problems))
    if needs_answer and not regions and not problems:
        problems.append(f"{where}: has no answer to take out; put it between {BEGIN} and {END}")
    problems.extend(
        f"{where}:{region.begin}: {problem}"
        for region in regions
        if (problem := _misplaced(region, tree))
    )
    if problems:
        raise CourseError("\n".join(problems))
    numbers = list(range(1, len(lines) + 1))  # of each stub line: its number in the solution
    for region in reversed(regions):  # from the end, so that earlier line numbers stay valid
        answer = slice(region.begin - 1, region.end)
        lines[answer] = stand_in = _stand_in(region, tree, text, regions)
        numbers[answer] = [region.begin] * len(stand_in)
    stub = "\n".join(lines)
    _compiled(stub, where, "what is left without the answers", numbers)
    return stub


def answer_regions(solution_text: str, *, where: str) -> list[Region]:
    """The places of the answers, as line numbers of the text with plain line ends.

    Raises:
        CourseError: a marker is out of place.
    """
    problems: list[str] = []
    text = solution_text.replace("\r\n", "\n").replace("\r", "\n")
    regions = list(_regions(text, where, problems))
    if problems:
        raise CourseError("\n".join(problems))
    return regions


def function_around(region: Region, tree: ast.Module) -> Function | None:
    """The innermost function around the answer; None for a dict of the lesson."""
    around = (
        node
        for node in ast.walk(tree)
        if isinstance(node, Function) and node.lineno < region.begin < _end(node)
    )
    return max(around, key=lambda node: node.lineno, default=None)


def functions_of(region: Region, tree: ast.Module) -> list[Function]:
    """The functions that an answer writes: the one around it, or all that are whole in it."""
    if around := function_around(region, tree):
        return [around]
    inside = _statements(region, tree)
    return [node for node in inside if isinstance(node, Function) and node in tree.body]


def tables_in(region: Region, tree: ast.Module) -> list[tuple[str, ast.Dict]]:
    """The dicts of texts in the answer, by name; none if it has any other statement."""
    tables = []
    for node in _statements(region, tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target, table = node.targets[0], node.value
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            target, table = node.target, node.value
        else:
            return []
        if node not in tree.body or not isinstance(target, ast.Name):
            return []
        if not isinstance(table, ast.Dict) or not table.keys:
            return []
        if not all(map(_is_text, [*table.keys, *table.values])):
            return []
        annotation = f": {ast.unparse(node.annotation)}" if isinstance(node, ast.AnnAssign) else ""
        tables.append((f"{target.id}{annotation}", table))
    return tables


def stub_of(course: Course, lesson: Lesson) -> str:
    """The lesson's stub, made from its solution.

    Raises:
        CourseError: see :func:`make_stub`; or a written question is not in the solution.
    """
    where = course.shown(lesson.solution)
    texts = {course.shown(path): path for path in lesson.modules.values()}
    has_other_answers = any(BEGIN in read_text(path, name) for name, path in texts.items())
    text = read_text(lesson.solution, where)
    stub = make_stub(text, where=where, needs_answer=not has_other_answers)
    if problems := list(unasked(course, lesson)):
        raise CourseError("\n".join(problems))
    return stub


def module_stubs(course: Course, lesson: Lesson) -> dict[str, str]:
    """The stubs of a lesson's further modules, by their paths from the lesson.

    One without an answer is the same for students.

    Raises:
        CourseError: see :func:`make_stub`.
    """
    return {
        name: make_stub(
            read_text(path, course.shown(path)), where=course.shown(path), needs_answer=False
        )
        for name, path in lesson.modules.items()
    }


def import_rules(course: Course) -> str:
    """A sentence for students on what a lesson may import."""
    packages = ", ".join(dict.fromkeys(["numpy", *course.packages]))
    return (
        f"A lesson may import {packages}, Python's own library and earlier lessons. Keep a plot, "
        'or a demo that needs more, below `if __name__ == "__main__":`, with its imports.'
    )


def with_rules(stub: str, course: Course) -> str:
    """The stub with the rules for imports on top of its first code, if it begins with a text."""
    lines = stub.split("\n")
    marks = [number for number, line in enumerate(lines) if line.startswith("# %%")]
    if not marks or "[markdown]" not in lines[marks[0]]:
        return stub
    first = next((mark for mark in marks if "[markdown]" not in lines[mark]), None)
    if first is None:
        return stub
    rules = [f"# {line}" for line in textwrap.wrap(import_rules(course), 96)]
    return "\n".join([*lines[: first + 1], *rules, *lines[first + 1 :]])


# Finding the answers.


def _compiled(text: str, where: str, what: str, numbers: Sequence[int] = ()) -> ast.Module:
    """The syntax tree of `text`, which must also compile.

    Errors replace a line's number by its entry in `numbers`, if there is one.
    """
    try:
        tree = ast.parse(text, where)
        compile(tree, where, "exec", dont_inherit=True)  # also finds a `return` outside
    except SyntaxError as error:
        line = error.lineno or 1
        line = numbers[line - 1] if line <= len(numbers) else line
        raise CourseError(f"{where}:{line}: {what} does not compile: {error.msg}") from None
    except (ValueError, RecursionError) as error:  # a null byte; a thousand brackets
        raise CourseError(f"{where}: {what} does not compile: {error}") from None
    return tree


def _regions(text: str, where: str, problems: list[str]) -> Iterator[Region]:
    """The answers in order; `problems` gets a line for each wrong marker."""
    comments = {
        token.start[0]
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type == tokenize.COMMENT
    }
    opened = 0
    for number, line in enumerate(text.split("\n"), start=1):
        if not _LOOKS_LIKE_A_MARKER.search(line):
            continue
        marker = line.strip()
        problem = None
        if marker not in (BEGIN, END):
            problem = f"looks like a marker; write exactly `{BEGIN}` or `{END}`, alone on its line"
        elif number not in comments:
            problem = f"`{marker}` stands inside a string; move it out"
        elif marker == BEGIN and opened:
            problem = f"an answer begins inside the one of line {opened}; write `{END}` before it"
        elif marker == BEGIN:
            opened = number
        elif not opened:
            problem = f"`{END}` without a `{BEGIN}` before it"
        else:
            yield Region(opened, number)
            opened = 0
        if problem:
            problems.append(f"{where}:{number}: {problem}")
    if opened:
        problems.append(f"{where}:{opened}: the answer is never closed; write `{END}` after it")


def _misplaced(region: Region, tree: ast.Module) -> str | None:
    """Why the region cannot be replaced; None if it can."""
    inside = _statements(region, tree)
    if not inside:
        return "no whole statement stands between the markers; put the answer there"
    last = max(_end(statement) for statement in inside)
    if last > region.end:
        return f"the answer ends in the middle of a statement; move `{END}` below line {last}"
    if _block(region, tree) is None:
        return "the answer begins in one block and ends in another; give each its own markers"
    return None


def _block(region: Region, tree: ast.Module) -> tuple[list[ast.stmt], bool] | None:
    """The statements of an answer that stand in no other one of it, and whether others are beside.

    None if they stand in several blocks.
    """
    inside = _statements(region, tree)
    within = {id(child) for node in inside for child in ast.walk(node) if child is not node}
    outermost = [node for node in inside if id(node) not in within]
    for parent in ast.walk(tree):
        for field in ("body", "orelse", "finalbody"):
            block = getattr(parent, field, None)
            if isinstance(block, list) and outermost[0] in block:
                is_whole = all(node in block for node in outermost)
                return (outermost, len(block) > len(outermost)) if is_whole else None
    return None


def _serves_other_answers(region: Region, tree: ast.Module, regions: Sequence[Region]) -> bool:
    """Whether an answer only defines what other answers use, such as a function of theirs."""
    block, has_neighbours = _block(region, tree) or ([], False)
    defined = {name for node in block for name in _defined_by(node)}
    if not has_neighbours or not all(map(_defined_by, block)):
        return False
    inside: set[str] = set()
    elsewhere: set[str] = set()
    for node in ast.walk(tree):
        name = node.id if isinstance(node, ast.Name) else getattr(node, "attr", None)
        line = getattr(node, "lineno", 0)
        if name not in defined or region.begin < line < region.end:
            continue
        is_answer = any(region.begin < line < region.end for region in regions)
        (inside if is_answer else elsewhere).add(name)
    return defined <= inside and not elsewhere


def _defined_by(node: ast.stmt) -> list[str]:
    """The names of a function or class, or of a constant in capitals; none of what else."""
    if isinstance(node, Function | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else []
    names = [
        target.id for target in targets if isinstance(target, ast.Name) and target.id.isupper()
    ]
    return names if len(names) == len(targets) else []


def _stand_in(region: Region, tree: ast.Module, text: str, regions: Sequence[Region]) -> list[str]:
    """The lines that replace an answer."""
    if tables := tables_in(region, tree):
        lines = ["# Your answers here, between the quotes."]
        for target, table in tables:
            lines.append(f"{target} = {{")
            for key, value in zip(table.keys, table.values, strict=True):
                assert isinstance(key, ast.Constant)
                long = str(ast.get_source_segment(text, value)).startswith(('"""', "'''"))
                start = f"    {json.dumps(key.value, ensure_ascii=False)}: "
                lines += [f'{start}"""', "", '""",'] if long else [f'{start}"",']
            lines.append("}")
        return lines
    if function_around(region, tree) is None and _serves_other_answers(region, tree, regions):
        return []
    indent = _indent(text.split("\n"), region, tree)
    return [f"{indent}# Your code here.", f"{indent}raise NotImplementedError"]


def _is_text(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _indent(lines: list[str], region: Region, tree: ast.Module) -> str:
    """The indentation of the answer's first statement; its marker may have another."""
    first = lines[min(statement.lineno for statement in _statements(region, tree)) - 1]
    return first[: len(first) - len(first.lstrip())]


def _statements(region: Region, tree: ast.Module) -> list[ast.stmt]:
    """The statements that start between the markers."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt) and region.begin < node.lineno < region.end
    ]


def _end(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


# Reading and writing exercises/.


def differs(path: Path, stub: str) -> bool:
    """Whether an exercise is missing, or another text."""
    try:
        return path.is_symlink() or path.read_bytes() != stub.encode()
    except OSError:  # usually it does not exist yet
        return True
