"""Tests of :mod:`unittest`, and what other autograders' decorators say about a test."""

from __future__ import annotations

import functools
import unittest
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import ModuleType
from typing import Any

import pytest


class CaseClass(pytest.Class):
    """A class derived from TestCase; each of its tests is a check of its own."""

    def collect(self) -> Iterator[pytest.Function]:
        """One function for each test, without those that are to be skipped."""
        case: type[unittest.TestCase] = self.obj
        if getattr(case, "__unittest_skip__", False):
            return
        # As they stand in the file: a later test may build on an earlier one.
        names = unittest.TestLoader().getTestCaseNames(case)
        for name in sorted(names, key=lambda name: _line_of(getattr(case, name))):
            method = getattr(case, name)
            if not getattr(method, "__unittest_skip__", False):
                run = _running(case, name, method, is_hidden=self.path.parent.name == "hidden")
                yield pytest.Function.from_parent(self, name=name, callobj=run)


def _line_of(method: Any) -> int:
    code = getattr(method, "__wrapped__", method)
    return int(getattr(getattr(code, "__code__", None), "co_firstlineno", 0))


def _running(
    case_class: type[unittest.TestCase], name: str, method: Any, *, is_hidden: bool
) -> Callable[..., None]:
    """A function that runs one test, with all that is set up for it.

    Of a hidden one, the words that unittest finds are not kept: they show what is expected.
    """

    @functools.wraps(method)
    def run(_: object = None) -> None:
        try:
            case_class.setUpClass()
            case = case_class(name)
            if is_hidden:
                vars(case)["_formatMessage"] = lambda own, _: own or ""
            try:
                case.debug()  # raises what fails; a subtest that fails ends the test
            except BaseException:
                with suppress(Exception):
                    case.tearDown()
                case.doCleanups()
                raise
        finally:
            case_class.tearDownClass()
            case_class.doClassCleanups()

    vars(run).pop("__wrapped__", None)  # its arguments are none of pytest's
    return run


def derandomize_hypothesis() -> None:
    """Let hypothesis, if a check uses it, try the same examples with every student."""
    from hypothesis import HealthCheck, Phase, settings  # noqa: PLC0415  (slow, and rarely used)

    settings.register_profile(
        "grader",
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.explicit, Phase.generate),  # a smaller example would differ by student
        suppress_health_check=list(HealthCheck),
    )
    settings.load_profile("grader")
    # It would also try numbers that it finds in this process's modules, as those of the solution.
    with suppress(ImportError):
        from hypothesis.internal.conjecture import providers  # noqa: PLC0415

        if hasattr(providers, "_get_local_constants"):
            vars(providers)["_get_local_constants"] = vars(providers)["Constants"]


def weight_of(test: Any) -> float | None:
    """The points that a test has by `@weight` or `@partial_credit` of Gradescope's decorators."""
    weight = getattr(test, "__weight__", None)
    return float(weight) if isinstance(weight, int | float) else None


def is_shown(test: Any) -> bool:
    """Whether `@visibility` lets students see the test at once."""
    return getattr(test, "__visibility__", "visible") == "visible"


def title_of(name: str) -> str:
    """A title for a test without a docstring: `test_each_row_sums_to_1` → Each row sums to 1."""
    words = name.removeprefix("test").replace("_", " ").strip()
    return f"{words[:1].upper()}{words[1:]}." if words else name


def decorators() -> dict[str, ModuleType]:
    """Gradescope's decorators, by the module from which tests import them; none if installed."""
    with suppress(ImportError):
        import gradescope_utils  # type: ignore[import-not-found]  # noqa: F401, PLC0415

        return {}
    package = ModuleType("gradescope_utils")
    utilities = ModuleType("gradescope_utils.autograder_utils")
    module = ModuleType("gradescope_utils.autograder_utils.decorators")
    for name in ("weight", "number", "visibility", "partial_credit", "hide_errors", "leaderboard"):
        vars(module)[name] = _decorator("weight" if name == "partial_credit" else name)
    vars(package)["autograder_utils"], vars(utilities)["decorators"] = utilities, module
    return {made.__name__: made for made in (package, utilities, module)}


def _decorator(name: str) -> Callable[..., Callable[[Any], Any]]:
    def decorate(value: object = None, *_: object, **__: object) -> Callable[[Any], Any]:
        def note(test: Any) -> Any:
            setattr(test, f"__{name}__", value)
            return test

        return note

    return decorate
