"""Runs the checks of a lesson that you can see, on the functions of your notebook.

This file comes with the assignment, as ``visible_checks/__init__.py``, and needs numpy and pytest.
Change it as you like: your work is graded elsewhere, with the original, and with more checks.
"""

from __future__ import annotations

import contextlib
import html
import importlib.abc
import importlib.machinery
import importlib.util
import inspect
import io
import json
import os
import sys
import types
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

_HERE: Final = Path(__file__).parent
_MARKS: Final = {"passed": "✓", "failed": "✗", "not started": "·", "skipped": "-"}
_EXECUTED_BY_NBGRADER: Final = "NBGRADER_EXECUTION" in os.environ  # sees errors, and no table


class NotYet(Exception):
    """Some checks did not pass: what the notebook shows in place of a traceback."""

    def _render_traceback_(self) -> list[str]:  # as IPython calls it
        return [str(self)]


class _Unanswered(Exception):
    """A text that is still empty."""


@dataclass
class _Outcome:
    title: str
    status: str
    message: str = ""


def run(lesson: str, subject: str) -> None:
    """Run the visible checks of one function, or of a dict of answers, and show what they found.

    Args:
        lesson: the lesson's id.
        subject: the name of the function or dict.

    Raises:
        NotYet: at least one did not pass.
    """
    caller = sys._getframe(1).f_globals  # the notebook's names
    about = json.loads((_HERE / "subjects.json").read_text("utf-8"))[lesson][subject]
    outcomes = _run_checks(lesson, about["checks"], caller)
    passed = sum(outcome.status == "passed" for outcome in outcomes)
    summary = f"{passed} of {len(outcomes)} visible checks passed." if outcomes else ""
    if about["more"]:
        summary = f"{summary} More checks run when your work is graded.".strip()
    _show(summary, outcomes)
    begun = any(outcome.status == "failed" for outcome in outcomes)
    if passed < len(outcomes) and (begun or _EXECUTED_BY_NBGRADER):
        raise NotYet(_as_text(outcomes) if _EXECUTED_BY_NBGRADER else "Not all of them passed yet.")


def _run_checks(lesson: str, names: Sequence[str], namespace: Mapping[str, Any]) -> list[_Outcome]:
    if not names:
        return []
    plugin = _Plugin(namespace)
    path = _HERE / f"test_{lesson}.py"
    arguments = [
        "-q", "-c", os.devnull, "--rootdir", str(_HERE), "--import-mode=importlib",
        "-p", "no:cacheprovider", "-p", "no:faulthandler", "--disable-plugin-autoload",
        *(f"{path}::{name}" for name in names),
    ]  # fmt: skip
    talk = io.StringIO()
    with contextlib.redirect_stdout(talk), contextlib.redirect_stderr(talk):
        pytest.main(arguments, plugins=[plugin])
    if len(plugin.outcomes) < len(names):
        raise RuntimeError(f"pytest could not run the checks:\n{talk.getvalue()}")
    return list(plugin.outcomes.values())


class _Plugin:
    """What pytest asks while the checks run."""

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        self.outcomes: dict[str, _Outcome] = {}
        self._namespace = namespace

    def pytest_configure(self, config: pytest.Config) -> None:
        config.addinivalue_line("markers", "points(number): what a check is worth")
        config.addinivalue_line("markers", "builds_on(name, ...): checks that come before it")

    @pytest.fixture
    def student(self) -> _Student:
        return _Student(self._namespace)

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


def _outcome(title: str, error: BaseException | None) -> _Outcome:
    if error is None:
        return _Outcome(title, "passed")
    if isinstance(error, NotImplementedError):
        return _Outcome(title, "not started", "raise NotImplementedError still stands there")
    if isinstance(error, _Unanswered):
        return _Outcome(title, "not started", str(error))
    if isinstance(error, pytest.skip.Exception):
        return _Outcome(title, "skipped", str(error))
    words = str(error).strip().partition("\nassert ")[0]  # without pytest's own account of it
    if not isinstance(error, AssertionError):
        words = f"{type(error).__name__}: {words}"
    return _Outcome(title, "failed", words.removeprefix("AssertionError: "))


class _Student:
    """Your functions, as the checks call them: with copies, so that yours may change them."""

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        self._namespace = namespace

    def __getattr__(self, function: str) -> Any:
        if function.startswith("_"):
            raise AttributeError(function)
        return lambda *args, **kwargs: self.call(function, *args, **kwargs).value

    def call(self, function: str, *args: Any, **kwargs: Any) -> types.SimpleNamespace:
        if not callable(found := self._namespace.get(function)):
            raise AssertionError(f"there is no function {function}: run the cell that defines it")
        names = [*inspect.signature(found).parameters][: len(args)]
        names += [f"argument {place + 1}" for place in range(len(names), len(args))]
        copies = [_copy(value) for value in args]
        named = {name: _copy(value) for name, value in kwargs.items()}
        value = found(*copies, **named)
        before = dict(zip(names, args, strict=True)) | kwargs
        after = dict(zip(names, copies, strict=True)) | named
        changed = tuple(name for name in before if not _same(before[name], after[name]))
        return types.SimpleNamespace(
            function=function, arguments=before, value=value, changed=changed
        )

    def value(self, name: str, *keys: str) -> Any:
        found = self._namespace.get(name)
        for key in keys:
            found = found.get(key) if isinstance(found, dict) else None
        return found

    def answer(self, table: str, question: str) -> str:
        found = self.value(table, question)
        place = f'{table}["{question}"]'
        if found is not None and not isinstance(found, str):
            raise AssertionError(f"{place} must be a text in quotes")
        if not (text := (found or "").strip()):
            raise _Unanswered(f"{place} is still empty")
        return text


def _copy(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, list | tuple):
        return type(value)(_copy(part) for part in value)
    return value


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, np.ndarray):
        return bool(one.shape == other.shape and one.tobytes() == other.tobytes())
    return one is other or bool(one == other)


# ---- what the notebook shows


def _show(summary: str, outcomes: Sequence[_Outcome]) -> None:
    try:
        from IPython.display import HTML, display  # noqa: PLC0415  (a script has no IPython)
    except ImportError:
        sys.stdout.write(f"{_as_text(outcomes)}\n{summary}\n")
        return
    rows = "".join(
        f"<tr><td>{_MARKS[it.status]}</td><td style='text-align: left'>{html.escape(it.title)}"
        + (f"<pre>{html.escape(it.message)}</pre>" if it.message else "")
        + "</td></tr>"
        for it in outcomes
    )
    page = HTML(f"<table>{rows}</table><p>{html.escape(summary)}</p>")
    display(page)


def _as_text(outcomes: Sequence[_Outcome]) -> str:
    lines = []
    for outcome in outcomes:
        lines.append(f"{_MARKS[outcome.status]} {outcome.title}")
        lines += [f"    {line}" for line in outcome.message.splitlines()]
    return "\n".join(lines)


# ---- `from lesson import function`, where the lesson is another notebook of the same folder


class _Notebooks(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds an earlier lesson's notebook where Python looks for a script, and runs its code."""

    def __init__(self, lessons: Sequence[str]) -> None:
        self._lessons = frozenset(lessons)

    def find_spec(
        self, fullname: str, path: Any, target: Any = None
    ) -> importlib.machinery.ModuleSpec | None:
        notebook = Path.cwd() / f"{fullname}.ipynb"
        if fullname not in self._lessons or not notebook.is_file():
            return None
        return importlib.util.spec_from_file_location(fullname, notebook, loader=self)

    def exec_module(self, module: types.ModuleType) -> None:
        from IPython.core.inputtransformer2 import TransformerManager  # noqa: PLC0415

        notebook = json.loads(Path(str(module.__file__)).read_text("utf-8"))
        for cell in notebook["cells"]:
            metadata = cell["metadata"]
            mark = metadata.get("nbgrader", {})
            is_test = mark.get("grade") and not mark.get("solution")
            if cell["cell_type"] != "code" or is_test or "not-graded" in metadata.get("tags", ()):
                continue
            code = TransformerManager().transform_cell("".join(cell["source"]))
            # As when it is graded: a cell that fails costs what it would have defined, no more.
            with contextlib.suppress(Exception):
                exec(compile(code, str(module.__file__), "exec"), vars(module))  # noqa: S102


if not any(type(finder).__name__ == _Notebooks.__name__ for finder in sys.meta_path):
    sys.meta_path.append(_Notebooks([*json.loads((_HERE / "subjects.json").read_text("utf-8"))]))
