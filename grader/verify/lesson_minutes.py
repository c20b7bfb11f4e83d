"""How long a lesson takes a learner, by what it gives to read, to predict and to write.

`docs/authoring.md` has the rule, and says what it was compared with.
"""

from __future__ import annotations

import ast
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from grader.course import stubs

#: Minutes for one of each, for somebody who reads carefully and checks often.
MINUTES: Final = {
    "words to read": 1 / 120,
    "predictions": 1.0,
    "pictures": 1.0,  # what a cell prints: to run the cell, and to compare
    "functions to write": 2.0,  # to try its examples, and to run its checks three times
    "lines to write": 1.5,
    "lines that are given": 0.25,  # in a function to write
    "letters of a quiz": 1.0,
    "words to write": 1 / 15,
}
_STEP: Final = 5

_WORD: Final = re.compile(r"\S*\w\S*")
_CELL: Final = re.compile(r"(?m)^# %%(.*)\n")
_PRINTED: Final = re.compile(r"\A(?:    .*(?:\n|\Z))+")
_PICTURE: Final = "\f"  # stands in a text for what a cell prints
_FURTHER: Final = re.compile(r"(?ms)^## Further\b.*?(?=^#{1,2} |\Z)")
_EXAMPLES: Final = re.compile(r"(?m)^ *(?:Examples?:?$|>>> )")


def measure_work(texts: Iterable[str], *, where: str) -> Counter[str]:
    """How much of each kind of work in :data:`MINUTES` a lesson asks for.

    What stands under a heading that begins with "Further" does not count.

    Args:
        texts: the lesson's files with their answers, in percent format.
        where: the lesson's name in errors.

    Raises:
        CourseError: the answers cannot be found.
    """
    work: Counter[str] = Counter()
    for text in texts:
        work.update(_to_read(text))
        work.update(_to_write(text, where))
    return work


def minutes_for(work: Counter[str]) -> int:
    """The minutes for this much work, rounded up to five."""
    minutes = sum(MINUTES[kind] * count for kind, count in work.items())
    return _STEP * math.ceil(minutes / _STEP)


def say_work(work: Counter[str]) -> str:
    """The work in words: ``words to read: 612, predictions: 1, lines to write: 7``."""
    return ", ".join(f"{kind}: {work[kind]}" for kind in MINUTES if work[kind])


def _to_read(text: str) -> dict[str, int]:
    """What a file gives to read: its text, what cells print, and docstrings without examples."""
    prose = _FURTHER.sub("", "\n".join(_prose(text)))
    functions = (node for node in ast.walk(ast.parse(text)) if isinstance(node, stubs.Function))
    contracts = [_EXAMPLES.split(ast.get_docstring(node) or "")[0] for node in functions]
    return {
        "words to read": sum(len(_WORD.findall(read)) for read in (prose, *contracts)),
        "predictions": prose.count("**Predict"),
        "pictures": prose.count(_PICTURE),
    }


def _prose(text: str) -> Iterator[str]:
    """The cells of text without comment signs; `_PICTURE` for what the cell before has printed."""
    _, *parts = _CELL.split(text)
    for header, cell in zip(parts[::2], parts[1::2], strict=True):
        if "[markdown]" in header:
            yield _PRINTED.sub(_PICTURE + "\n", re.sub(r"(?m)^# ?", "", cell))


def _to_write(text: str, where: str) -> Counter[str]:
    """What the answers of a file give to write, and what is given beside them."""
    tree, code = ast.parse(text), _code_lines(text)
    work: Counter[str] = Counter()
    functions: dict[str, stubs.Function] = {}
    written: set[int] = set()
    for region in stubs.answer_regions(text, where=where):
        if tables := stubs.tables_in(region, tree):
            for _, table in tables:
                work.update(_to_answer(ast.literal_eval(table).values()))
        else:
            functions |= {node.name: node for node in stubs.functions_of(region, tree)}
            written |= code.intersection(range(region.begin, region.end))
    bodies = [range(node.body[0].lineno, (node.end_lineno or 0) + 1) for node in functions.values()]
    work["functions to write"] = len(functions)
    work["lines to write"] = len(written)
    work["lines that are given"] = len(code.intersection(chain(*bodies)) - written)
    return work


def _code_lines(text: str) -> set[int]:
    """The numbers of the lines that are not empty, no comment and no part of a docstring."""
    documented = {
        number
        for node in ast.walk(ast.parse(text))
        if isinstance(node, stubs.Function | ast.ClassDef) and ast.get_docstring(node) is not None
        for number in range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1)
    }
    lines = enumerate(map(str.strip, text.splitlines()), start=1)
    return {number for number, line in lines if line and not line.startswith("#")} - documented


def _to_answer(answers: Iterable[str]) -> Counter[str]:
    """What answers in a dict give to write: a letter each, or so many words."""
    work: Counter[str] = Counter()
    for answer in answers:
        words = len(_WORD.findall(answer))
        work["letters of a quiz" if len(answer.strip()) == 1 else "words to write"] += words
    return work
