"""Plain asserts of visible checks, taken apart: a message has the values on both sides.

pytest rewrites an assert, so that one that fails says its values. Here the check files in
``visible/`` alone are rewritten: hidden ones must not say theirs. The rewritten code finds this
module where it would find pytest's own, and calls the functions below by pytest's names for them.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from types import CodeType, ModuleType
from typing import Final

import numpy as np

from grader.checks.descriptions import ShortWords, describe_value
from grader.checks.handles import Handle, Named, about, kind_of
from grader.checks.pytest_internals import REWRITER, rewrite_asserts
from grader.text import clean

_MAX_VALUE: Final = 120  # characters
_MAX_WHERE: Final = 4  # values of which is said what they come from
_OF_CODE: Final = "\0"  # stands before the name of a function or module
_END_OF_SENTENCE: Final = "\0>"


class TakenApart(str):
    """The author's sentence of an assertion that failed, which may be empty; and its values."""

    __slots__ = ("values",)
    values: str  # "5 == 6, where 5 = area(2)"


def values_of(error: BaseException) -> str:
    """The values of an assertion that failed; empty if it was not taken apart."""
    argument = error.args[0] if isinstance(error, AssertionError) and error.args else None
    return argument.values if isinstance(argument, TakenApart) else ""


@contextmanager
def taking_apart(paths: Iterable[str]) -> Iterator[None]:
    """In this block, these check files are imported with asserts that say their values.

    Args:
        paths: of visible checks.
    """
    finder = _Finder(frozenset(paths))
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, paths: frozenset[str]) -> None:
        self._paths = paths

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.origin not in self._paths:
            return None
        spec.loader = _Loader(fullname, spec.origin)
        return spec


class _Loader(importlib.machinery.SourceFileLoader):
    def get_code(self, fullname: str) -> CodeType:
        return rewrite_asserts(self.get_data(self.path), self.path)  # never from a cache

    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        vars(module)[REWRITER] = sys.modules[__name__]


# ---- what the rewritten code calls


def _saferepr(value: object) -> str:
    """A value in one line. No code of the student's runs for it."""
    if isinstance(value, Named):
        return _OF_CODE + about(value).path
    if callable(value) and not isinstance(value, Handle):
        return _OF_CODE + str(getattr(value, "__name__", type(value).__name__))
    if isinstance(value, ModuleType):
        return _OF_CODE + value.__name__
    return clean(_in_words(value), limit=_MAX_VALUE)


def _in_words(value: object) -> str:
    if isinstance(value, np.ndarray):
        short = _Words().repr(value)
        return short if len(short) <= _MAX_VALUE else describe_value(value)
    if isinstance(value, np.number | np.bool_):
        value = value.item()
    if isinstance(value, float | complex):
        return repr(value)
    return _Words().repr(value)


class _Words(ShortWords):
    """Values as a check has them."""

    def repr_instance(self, x: object, level: int) -> str:
        has_words = type(x).__repr__ is not object.__repr__  # else it would be where it lies
        return super().repr_instance(x, level) if has_words else f"a {type(x).__name__}"

    def repr_Handle(self, handle: Handle, level: int) -> str:  # noqa: N802  (reprlib's name)
        return kind_of(handle)

    def repr_Named(self, handle: Handle, level: int) -> str:  # noqa: N802
        return about(handle).path


def _should_repr_global_name(value: object) -> bool:
    """Whether a name of the check file stands for a value, and not for code."""
    return not (callable(value) or isinstance(value, ModuleType))


def _format_boolop(parts: Iterable[str], is_or: bool) -> str:
    """The operands of an `and` or `or` that were evaluated."""
    looked_at = list(parts)
    joined = (" or " if is_or else " and ").join(looked_at).replace("%", "%%")
    return f"({joined})" if len(looked_at) > 1 else joined


def _call_reprcompare(
    _operators: Sequence[str],
    results: Sequence[object],
    explanations: Sequence[str],
    _values: Sequence[object],
) -> str:
    """The first comparison of a chain that does not hold."""
    for result, explanation in zip(results, explanations, strict=True):
        if not result:
            return explanation
    return explanations[-1]


def _format_assertmsg(sentence: object) -> str:
    return str(sentence).replace("%", "%%") + _END_OF_SENTENCE


def _format_explanation(explanation: str) -> TakenApart:
    """The message of an assertion, of what pytest says about it.

    Its lines are nested: ``assert 5\\n{5 = area(2)\\n} == 6``.
    """
    sentence, ended, apart = explanation.rpartition(_END_OF_SENTENCE)
    message = TakenApart(sentence)
    head, *lines = apart.removeprefix("\n>" if ended else "").removeprefix("assert ").split("\n")
    levels, open_ones = [head], [0]
    for line in lines:
        if line.startswith("{"):
            open_ones.append(len(levels))
            levels.append(line[1:])
        elif line.startswith("}"):
            open_ones.pop()
            levels[open_ones[-1]] += line[1:]
    message.values = _put_together(levels[0], levels[1:])
    return message


def _put_together(head: str, comes_from: Iterable[str]) -> str:
    """The assertion with its values, and what these come from; not where code comes from."""
    of_values = [line for line in dict.fromkeys(comes_from) if line[:1] != _OF_CODE]
    where = " and ".join(of_values[:_MAX_WHERE])
    return f"{head}{', where ' * bool(where)}{where}".replace(_OF_CODE, "")
