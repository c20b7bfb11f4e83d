"""Explains a name that does not exist: which one was meant, where it is, what took its place.

The code is searched as text, because student code is compiled only in the sandbox.
"""

from __future__ import annotations

import builtins
import importlib
import re
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from difflib import get_close_matches
from functools import cache
from itertools import islice
from typing import Final

import numpy as np

from grader.sandbox.faults import Raised, StudentFault
from grader.text import clean

_SHORTEST: Final = 4  # letters; shorter names are similar by chance
_ALIKE: Final = 0.8  # of 1, as difflib counts it
_ALIKE_OF_NUMPY: Final = 0.82  # which has hundreds of names
_MOST_LETTERS: Final = 200  # of a line that is searched
_MOST_SHOWN: Final = 60  # letters of a line that is quoted
_MOST_NAMES: Final = 1000  # of a lesson that are compared

_NO_NAME: Final = re.compile(r"name '(\w+)' is not defined")
_NO_ATTRIBUTE: Final = re.compile(
    r"(module 'numpy'|'numpy\.ndarray' object) has no attribute '(\w+)'"
)
_NUMPY_LACKS: Final = re.compile(r"(?:module 'numpy' has no attribute '|^`np\.)(\w+)[`']")

#: Names that left numpy outside of its table, and what took their place.
_GONE: Final = {
    "product": "prod", "cumproduct": "cumprod", "alltrue": "all", "sometrue": "any",
    "trapz": "trapezoid", "in1d": "isin", "row_stack": "vstack", "asscalar": "ndarray.item",
    "float": "float64", "int": "int64", "bool": "bool_", "complex": "complex128",
    "object": "object_", "str": "str_", "long": "int64", "unicode": "str_",
}  # fmt: skip

_DEFINED: Final = re.compile(r"\bdef\s(\w+)\(([^)]{,500})")
_PARAMETER: Final = re.compile(r"(?:^|,)\s*\*{0,2}(\w+)")
_IMPORTED: Final = re.compile(r"\s*(?:from\s+[\w.]+\s+)?import\s(.+)")
_ASSIGNED: Final = re.compile(r"\s*([\w\s,()]+)=(?!=)")
_LOOPED: Final = re.compile(r"\bfor\s([\w\s,()]+)\sin\b")
_NAME: Final = re.compile(r"[^\W\d]\w*")


def guess_name(raised: Raised, code: str) -> str | None:
    """A sentence with the name that was meant; None if none is similar, or no name is missing.

    Args:
        raised: by a student's code.
        code: the whole lesson.
    """
    if missing := _NO_NAME.search(raised.text):
        if missing[1] in typing.__all__ and missing[1][0].isupper():
            return f"it has to be imported first: `from typing import {missing[1]}`"
        meant = _most_similar(
            missing[1], [*islice(_names_in(code), _MOST_NAMES), *dir(builtins)], _ALIKE
        )
        return f"did you mean `{meant}`?" if meant else None
    if missing := _NO_ATTRIBUTE.search(raised.text):
        of_numpy = missing[1].startswith("module")
        if of_numpy and missing[2] in islice(_names_in(code), _MOST_NAMES):
            return f"`{missing[2]}` is known in this file: without `np.` in front"
        owner, before = (np, "np.") if of_numpy else (np.ndarray, ".")
        meant = _most_similar(missing[2], dir(owner), _ALIKE_OF_NUMPY)
        return f"did you mean `{before}{meant}`?" if meant else None
    return None


def say_where_an_answer_is(read: Callable[[str], object], table: str, question: str) -> str:
    """Where an answer may be that is not in its place, behind a colon; "" if nobody knows.

    Args:
        read: gives a value of the lesson by its name, None if there is none.
        table: the name of the dict of answers.
        question: the id of a question without an answer.
    """
    try:
        answers = read(table)
    except StudentFault:
        return ""
    if answers is None:
        return f": there is no {table} in your file"
    ids = [key for key in answers if isinstance(key, str)] if isinstance(answers, dict) else []
    if question in ids or not (similar := get_close_matches(question, ids, 1)):
        return ""
    return f': is {table}["{clean(similar[0], 60)}"] meant for it?'


def find_inner_definition(name: str, code: str) -> str | None:
    """A sentence on what holds the only definition of a function; None if there is none inside.

    Args:
        name: of a function that the lesson lacks.
        code: the whole lesson.
    """
    inner = re.search(rf"^([ \t]{{1,80}})(?:async )?def {re.escape(name)}\b", code, re.MULTILINE)
    if inner is None:
        return None
    above = [line for line in code[: inner.start()].splitlines() if line.strip()]
    outer = (line for line in reversed(above) if _indent(line) < len(inner[1].expandtabs()))
    around = next(outer, "").strip()[:_MOST_SHOWN]
    return (
        f"it is defined inside `{around}`, where nothing else finds it; move it out, so that its "
        "`def` stands at the left edge"
    )


def _indent(line: str) -> int:
    line = line.expandtabs()
    return len(line) - len(line.lstrip())


def name_successor(raised: Raised) -> str | None:
    """A sentence on what to use instead of a name that numpy has removed; None for any other."""
    gone = _NUMPY_LACKS.search(raised.text)
    if gone and gone[1] in gone_from_numpy():
        return f"numpy has this no longer. {gone_from_numpy()[gone[1]]}"
    return None


@cache
def gone_from_numpy() -> Mapping[str, str]:
    """The names that numpy has removed, each with what to do, if possible in numpy's own words."""
    words = {name: f"`np.{new}` took its place" for name, new in _GONE.items()}
    with suppress(ImportError, AttributeError):  # private: another numpy may keep it elsewhere
        table = importlib.import_module("numpy._expired_attrs_2_0").__expired_attributes__
        words |= {name: said.rstrip(".") for name, said in table.items()}
    return words


def _most_similar(name: str, names: Iterable[str], alike: float) -> str | None:
    others = dict.fromkeys(candidate for candidate in names if candidate != name)
    for other in others:
        if other.casefold() == name.casefold():
            return other
    if len(name) < _SHORTEST:
        return None
    return next(iter(get_close_matches(name, others, n=1, cutoff=alike)), None)


def _names_in(code: str) -> Iterator[str]:
    """The names that some line of the code gives to a value."""
    for function, parameters in _DEFINED.findall(code):
        yield function
        yield from _PARAMETER.findall(parameters)
    for line in code.splitlines():
        if len(line) > _MOST_LETTERS:
            continue
        if imported := _IMPORTED.match(line):
            for part in imported[1].partition("#")[0].split(","):
                yield from _NAME.findall(part)[-1:]  # `a as b` gives the name b
        elif bound := _ASSIGNED.match(line) or _LOOPED.search(line):
            yield from _NAME.findall(bound[1])
