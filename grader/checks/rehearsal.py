"""The checks, tried on the reference before any student: which are sound, and what they call."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Final

import pytest

from grader.checks.collection import Check, with_next
from grader.checks.passes import sees_replies_alone, state_of
from grader.checks.reference import Blur, BlurredReference, ReferenceCallee, blur, quiet, unlike
from grader.checks.runner import Runner
from grader.course import Lesson
from grader.sandbox import wire
from grader.sandbox.session import encode_value
from grader.text import clean, mask_long_numbers

#: What a slip in a check raises; the text names what is misspelt, or a type, and no value.
_ABOUT_CODE: Final = (NameError, AttributeError, TypeError, ImportError, wire.Unsendable)


class Rehearsal:
    """What came out of running every check of a course on the reference."""

    def __init__(self, runner: Runner, references: Mapping[str, ModuleType]) -> None:
        self._runner = runner
        self._references = references
        self._forgiving: dict[Path, dict[str, CodeType]] = {}  # see _without_asserts
        self.broken: dict[Check, str] = {}  # checks that are our fault, and why
        self.pure: set[Check] = set()  # checks that depend on what they call alone
        self.calls: dict[str, dict[str, list[bytes]]] = {}  # foreseen ones, by lesson and check
        #: Names of the functions that each check calls, by lesson and check.
        self.functions: dict[str, dict[str, tuple[str, ...]]] = {}
        #: What each check asks for first, a function or a value, by lesson and check.
        self.subjects: dict[str, dict[str, str]] = {}
        for lesson in runner.course.lessons:
            if lesson.released:  # there is nothing to try them on
                self.calls[lesson.id], self.functions[lesson.id] = {}, {}
            else:
                self._try(lesson)

    def _try(self, lesson: Lesson) -> None:
        """Run a lesson's checks: one that the reference fails says nothing of students."""
        self.calls[lesson.id] = calls = {}
        self.functions[lesson.id] = functions = {}
        self.subjects[lesson.id] = subjects = {}
        solution = self._references[lesson.id]
        checks = self._runner.checks[lesson.id]
        before = {check: state_of(check.item.module) for check in checks}
        for check, following in with_next(checks):
            callee = ReferenceCallee(solution)
            error = self._runner.run(check, following, callee, solution)
            calls[check.name] = self._independent(check, following, solution, callee.calls)
            functions[check.name] = tuple(dict.fromkeys(callee.functions))
            subjects[check.name] = wire.decode(callee.calls[0])[1] if callee.calls else lesson.id
            if error is not None:
                self.broken[check] = _why_broken(check, error)

        self.pure.update(
            check
            for check, state in before.items()
            if state is not None and state == state_of(check.item.module)
            if sees_replies_alone(check)
        )
        for question in lesson.written:
            calls[question.id] = [encode_value(lesson.answers_in, [question.id])]

    def _independent(
        self, check: Check, following: Check | None, solution: ModuleType, calls: Sequence[bytes]
    ) -> list[bytes]:
        """The calls, if no argument of theirs depends on what the reference gave; else none.

        They are sent to students' programs ahead, and must tell nothing of the right answers. So
        the check runs again, past asserts that notice it: on answers that are nothing like the
        right ones, as far as it goes on with them, and on answers that are a little different. It
        must make the very same calls. All or none of them: a check's calls follow one another in
        a student's program, with no other between.
        """
        made = self._calls_with(unlike, check, following, solution, forgiving=True)
        if made != list(calls[: len(made)]):  # as those of a rounded answer, or of a largest one
            return []
        for forgiving in (False, True):  # most checks pass with what is a little different
            if self._calls_with(blur, check, following, solution, forgiving=forgiving) == calls:
                return list(calls)
        return []

    def _calls_with(
        self,
        blurred: Blur,
        check: Check,
        following: Check | None,
        solution: ModuleType,
        *,
        forgiving: bool,
    ) -> list[bytes]:
        """The calls that a check makes where all answers are other ones."""
        callee = ReferenceCallee(solution, blurred)
        reference = BlurredReference(solution, blurred)
        with quiet(), self._without_asserts(check.item) if forgiving else nullcontext():
            self._runner.run(check, following, callee, solution, reference=reference)
        return callee.calls

    @contextmanager
    def _without_asserts(self, item: pytest.Function) -> Iterator[None]:
        """Have a check's own asserts stop nothing, if it is a plain function of its file."""
        if item.path not in self._forgiving:
            self._forgiving[item.path] = _without_asserts(item.path)
        right = item.obj
        code = self._forgiving[item.path].get(getattr(right, "__name__", ""))
        if item.cls is None and isinstance(right, FunctionType) and code is not None:
            name, defaults = right.__name__, right.__defaults__
            item.obj = FunctionType(code, right.__globals__, name, defaults)
        try:
            yield
        finally:
            item.obj = right


def _without_asserts(path: Path) -> dict[str, CodeType]:
    """The functions of a check file, with every assert evaluated and none enforced."""
    module = _Forgiving().visit(ast.parse(path.read_bytes()))
    code = compile(ast.fix_missing_locations(module), str(path), "exec", dont_inherit=True)
    functions = (part for part in code.co_consts if isinstance(part, CodeType))
    return {part.co_name: part for part in functions if not part.co_freevars}


class _Forgiving(ast.NodeTransformer):
    def visit_Assert(self, node: ast.Assert) -> ast.Expr:
        return ast.copy_location(ast.Expr(node.test), node)


def _why_broken(check: Check, error: BaseException) -> str:
    return (
        "this check is broken, which costs nobody a point: the reference does not pass it "
        f"({_in_words(error)} at {check.item.path.parent.name}/{check.item.path.name}:"
        f"{line_of(check, error)})"
    )


def _in_words(error: BaseException) -> str:
    """The exception, with its text where that is about code: another may hold the right answer."""
    name = type(error).__name__
    if isinstance(error, pytest.FixtureLookupError):
        return (
            f"{name}: there is no fixture `{clean(str(error.argname))}` here; checks have "
            "`student`, `reference`, `rng` and those of your conftest.py,"
        )
    text = clean(mask_long_numbers(str(error))) if isinstance(error, _ABOUT_CODE) else ""
    return f"{name}: {text}," if text else name


def line_of(check: Check, error: BaseException) -> int:
    """The line of its file at which a check ended; where it begins, if it never ran."""
    trace = error.__traceback__
    line = (check.item.location[1] or 0) + 1  # pytest counts from 0
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(check.item.path):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
