"""Runs the visible checks on the functions of a notebook.

It comes with each assignment, together with the modules that it imports, and runs where nothing of
this project is installed: in a student's kernel, with numpy and pytest.
"""

from __future__ import annotations

import contextlib
import html
import importlib.abc
import importlib.machinery
import inspect
import io
import json
import os
import sys
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import numpy as np
import pytest

from grader.checks.student import Student
from grader.sandbox import wire
from grader.sandbox.faults import Unanswered
from grader.sandbox.inside.magics import compile_cell
from grader.sandbox.replies import Returned
from grader.submissions.notebooks import MAX_NOTEBOOK_BYTES, decode_notebook

#: What the released folder holds beside the checks: which of them belong to which function.
SUBJECTS: Final = "subjects.json"

_SIGNS: Final = {"passed": "✓", "failed": "✗", "not started": "·", "skipped": "-"}
_EXECUTED_BY_NBGRADER: Final = "NBGRADER_EXECUTION" in os.environ  # sees errors, and no table


class NotYet(Exception):
    """Some checks did not pass: what the notebook shows in place of a traceback."""

    def _render_traceback_(self) -> list[str]:  # as IPython calls it
        return [str(self)]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one check."""

    title: str
    status: str  # a key of _SIGNS
    message: str = ""


class VisibleChecks:
    """The visible checks in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._subjects = json.loads((folder / SUBJECTS).read_text("utf-8"))
        sys.meta_path.append(_NotebookFinder([*self._subjects]))

    def run(self, lesson: str, subject: str) -> None:
        """Run the checks of one function, or of a dict of answers, and show what they found.

        Args:
            lesson: the lesson's id.
            subject: the name of the function or dict, which the caller has defined.

        Raises:
            NotYet: at least one did not pass.
        """
        notebook = sys._getframe(1).f_globals
        about = self._subjects[lesson][subject]
        outcomes = self._run_checks(lesson, about["checks"], notebook)
        passed = sum(outcome.status == "passed" for outcome in outcomes)
        summary = f"{passed} of {len(outcomes)} visible checks passed." if outcomes else ""
        if about["more"]:
            summary = f"{summary} More checks run when your work is graded.".strip()
        _show(summary, outcomes)
        begun = any(outcome.status == "failed" for outcome in outcomes)
        if passed < len(outcomes) and (begun or _EXECUTED_BY_NBGRADER):
            text = _as_text(outcomes) if _EXECUTED_BY_NBGRADER else "Not all of them passed yet."
            raise NotYet(text)

    def _run_checks(
        self, lesson: str, names: Sequence[str], notebook: Mapping[str, Any]
    ) -> list[Outcome]:
        if not names:
            return []
        plugin = _Plugin(notebook)
        path = self._folder / f"test_{lesson}.py"
        arguments = [
            "-q", "-c", os.devnull, "--rootdir", str(self._folder), "--import-mode=importlib",
            "-p", "no:cacheprovider", "-p", "no:faulthandler", "--disable-plugin-autoload",
            *(f"{path}::{name}" for name in names),
        ]  # fmt: skip
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            pytest.main(arguments, plugins=[plugin])
        if len(plugin.outcomes) < len(names):
            raise RuntimeError(f"pytest could not run the checks:\n{printed.getvalue()}")
        return list(plugin.outcomes.values())


class _Plugin:
    """What pytest asks while the checks run."""

    def __init__(self, notebook: Mapping[str, Any]) -> None:
        self.outcomes: dict[str, Outcome] = {}
        self._notebook = notebook

    def pytest_configure(self, config: pytest.Config) -> None:
        config.addinivalue_line("markers", "points(number): what a check is worth")
        config.addinivalue_line("markers", "builds_on(name, ...): checks that come before it")

    @pytest.fixture
    def student(self) -> Student:
        names = ModuleType("notebook")
        vars(names).update(self._notebook)
        student = Student()
        student.begin_check(_NotebookFunctions(self._notebook), names)
        return student

    @pytest.fixture
    def rng(self, request: pytest.FixtureRequest) -> np.random.Generator:
        return np.random.default_rng(zlib.crc32(request.node.name.encode()))

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        names = [name for mark in item.iter_markers("builds_on") for name in mark.args]
        for name in names:
            before = self.outcomes.get(name)
            if before and before.status in {"failed", "skipped"}:
                # As in `grader check`: it would fail for the same reason, and say less.
                pytest.skip(f"builds on “{before.title}”")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Function, call: pytest.CallInfo[None]) -> Any:
        if call.when == "call" or call.excinfo is not None:
            title = (inspect.getdoc(item.obj) or item.name).partition("\n")[0]
            error = call.excinfo.value if call.excinfo else None
            self.outcomes.setdefault(item.name, _outcome(title, error))
        return (yield)


class _NotebookFunctions:
    """Runs the notebook's functions; they get copies, so that they may change them."""

    def __init__(self, notebook: Mapping[str, Any]) -> None:
        self._notebook = notebook

    def call(self, function: str, *args: object, **kwargs: object) -> Returned:
        if not callable(found := self._notebook.get(function)):
            raise AssertionError(f"there is no function {function}: run the cell that defines it")
        before: list[tuple[int | str, object]] = [*enumerate(args), *kwargs.items()]
        copies = [wire.decode(wire.encode(value)) for _, value in before]
        named = dict(zip(kwargs, copies[len(args) :], strict=True))
        value = found(*copies[: len(args)], **named)
        changed = tuple(
            key
            for (key, old), new in zip(before, copies, strict=True)
            if wire.encode(old) != wire.encode(new)
        )
        return Returned(value, changed)

    def value(self, name: str, *keys: str) -> Returned:
        found = self._notebook.get(name)
        for key in keys:
            found = found.get(key) if isinstance(found, dict) else None
        return Returned(found, ())


def _outcome(title: str, error: BaseException | None) -> Outcome:
    if error is None:
        return Outcome(title, "passed")
    if isinstance(error, NotImplementedError):
        return Outcome(title, "not started", "raise NotImplementedError still stands there")
    if isinstance(error, Unanswered):
        return Outcome(title, "not started", str(error))
    if isinstance(error, pytest.skip.Exception):
        return Outcome(title, "skipped", str(error))
    words = str(error).strip().partition("\nassert ")[0]  # without pytest's own account of it
    if not isinstance(error, AssertionError):
        words = f"{type(error).__name__}: {words}"
    return Outcome(title, "failed", words.removeprefix("AssertionError: "))


def _show(summary: str, outcomes: Sequence[Outcome]) -> None:
    try:
        from IPython.display import HTML, display  # noqa: PLC0415  (a script has no IPython)
    except ImportError:
        sys.stdout.write(f"{_as_text(outcomes)}\n{summary}\n")
        return
    rows = "".join(
        f"<tr><td>{_SIGNS[it.status]}</td><td style='text-align: left'>{html.escape(it.title)}"
        + (f"<pre>{html.escape(it.message)}</pre>" if it.message else "")
        + "</td></tr>"
        for it in outcomes
    )
    page = HTML(f"<table>{rows}</table><p>{html.escape(summary)}</p>")
    display(page)


def _as_text(outcomes: Sequence[Outcome]) -> str:
    lines = []
    for outcome in outcomes:
        lines.append(f"{_SIGNS[outcome.status]} {outcome.title}")
        lines += [f"    {line}" for line in outcome.message.splitlines()]
    return "\n".join(lines)


class _NotebookFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports an earlier lesson from its notebook, which lies where Python looks for a script."""

    def __init__(self, lessons: Sequence[str]) -> None:
        self._lessons = frozenset(lessons)

    def find_spec(
        self, fullname: str, path: Any, target: Any = None
    ) -> importlib.machinery.ModuleSpec | None:
        notebook = Path.cwd() / f"{fullname}.ipynb"
        if fullname not in self._lessons or not notebook.is_file():
            return None
        return importlib.machinery.ModuleSpec(fullname, self, origin=str(notebook))

    def exec_module(self, module: ModuleType) -> None:
        assert module.__spec__ is not None
        path = Path(str(module.__spec__.origin))
        module.__file__ = str(path)
        for cell in decode_notebook(path.read_bytes(), path.name, MAX_NOTEBOOK_BYTES):
            # As when it is graded: a cell that fails costs what it would have defined, no more.
            with contextlib.suppress(Exception):
                exec(compile_cell(cell, path.name, notebook=True), vars(module))  # noqa: S102
