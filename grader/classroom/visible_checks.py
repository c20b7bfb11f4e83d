"""Runs the visible checks on the functions of an open notebook, as `grader check` would.

This module and those that it imports come with each assignment. They run in a student's kernel with
numpy and pytest, where nothing of this project is installed.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import json
import os
import sys
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import numpy as np
import pytest

from grader.checks.example_checks import Examples, make_item
from grader.checks.fixtures import FixtureValues, fixture_plugin
from grader.checks.outcomes import explain_failure, name_what_it_builds_on, result_of
from grader.checks.pytest_internals import UNUSED_PLUGINS, Failed, Skipped, prepare_again
from grader.classroom import checks_table
from grader.classroom.kernel_notebook import (
    KernelNotebook,
    NotebookFinder,
    load_notebook,
    notebook_path,
)
from grader.classroom.notebook_imports import refuse_notebook_imports
from grader.diagnosis.failure_causes import FailureCauses
from grader.diagnosis.mistakes import Mistake
from grader.diagnosis.sealed_mistakes import SealedMistakes
from grader.errors import GraderError
from grader.results import CheckResult, LessonResult, LessonStatus, Status, StudentResult
from grader.results.feedback import Feedback, reduce_for_student
from grader.results.message import Row
from grader.sandbox.faults import MissingFunction
from grader.text.wording import take_out_markdown

#: The files of the released folder other than the grader's modules.
LESSONS: Final = "lessons.json"
CHECKS: Final = "visible"
MISTAKES: Final = "known_mistakes"

#: The statuses with which later checks that build on this one still run.
_LETS_PASS: Final = frozenset({Status.PASSED, Status.NOT_ATTEMPTED})
#: What a check may end with.
_OUTCOMES: Final = (Exception, Failed, Skipped)
_EXECUTED_BY_NBGRADER: Final = "NBGRADER_EXECUTION" in os.environ  # sees errors, and no table


class NotYet(Exception):
    """Some checks did not pass. The notebook shows this text instead of a traceback."""

    def _render_traceback_(self) -> list[str]:  # as IPython calls it
        return [str(self)]


class VisibleChecks:
    """The visible checks in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        about = json.loads((folder / LESSONS).read_text("utf-8"))
        self._lessons: dict[str, Any] = about["lessons"]
        self._packages: list[str] = about["packages"]
        self._feedback = Feedback(about["feedback"])
        self._finder = NotebookFinder([*self._lessons])
        sys.meta_path.append(self._finder)

    def close(self) -> None:
        """Stop importing lessons from notebooks."""
        sys.meta_path.remove(self._finder)

    def run(self, lesson: str, subject: str) -> None:
        """Run the checks of one function, or of a dict of answers, and show the results.

        Args:
            lesson: the lesson's id.
            subject: the name of the function or dict, which the caller has defined.

        Raises:
            NotYet: at least one did not pass.
        """
        notebook = sys._getframe(1).f_globals
        about = self._lessons[lesson]["subjects"][subject]
        try:
            outcome = self.check(lesson, notebook, about["checks"])
        except KeyboardInterrupt:
            raise NotYet("Stopped, before all checks had run.") from None
        except GraderError as error:
            raise NotYet(str(error)) from None
        shown = [result for result in outcome.results if result.check in about["checks"]]
        passed = sum(result.status is Status.PASSED for result in shown)
        summary = [f"{passed} of {len(shown)} visible checks passed."] if shown else []
        if about["more"]:
            summary.append("More checks run when your work is graded.")
        hints = self._hints(lesson, subject, shown, outcome.mistakes)
        subjects = [*self._lessons, self._folder.name]
        refused = refuse_notebook_imports(lesson, notebook, self._packages, subjects)
        if refused:
            summary.append(f"{'. '.join(refused)}. Then restart the kernel and run all cells.")
        _show(shown, outcome.results, " ".join(summary), outcome.earlier, hints)
        begun = any(result.status not in _LETS_PASS for result in shown)
        if passed < len(shown) and (begun or _EXECUTED_BY_NBGRADER):
            text = _as_text(shown, outcome.results, outcome.earlier)
            raise NotYet(text if _EXECUTED_BY_NBGRADER else "Not all of them passed yet.")
        if refused:
            raise NotYet(refused[0])

    def check(
        self, lesson: str, notebook: Mapping[str, Any], wanted: Sequence[str] | None = None
    ) -> Found:
        """Run the visible checks of a lesson, as far as the last wanted one.

        Args:
            lesson: its id.
            notebook: what the notebook defines.
            wanted: names of checks; all if left out.
        """
        callee = KernelNotebook(lesson, notebook, self._lessons)
        names = [
            name
            for subject in self._lessons[lesson]["subjects"].values()
            for name in subject["checks"]
        ]
        wanted = names if wanted is None else wanted
        if not wanted:
            return Found([], {}, "")
        results = self._run_checks(lesson, callee, notebook, wanted)
        mistakes: Mapping[str, Mistake] = {}
        earlier = ""
        if any(result.status not in _LETS_PASS for result in results):
            earlier = self.advise_earlier_lessons(lesson)
            if not earlier:
                results, mistakes = self._name_mistakes(lesson, callee, results)
        return Found(self._reduce(lesson, results), mistakes, earlier)

    def _run_checks(
        self,
        lesson: str,
        callee: KernelNotebook,
        notebook: Mapping[str, Any],
        wanted: Sequence[str],
    ) -> list[CheckResult]:
        examples = [
            Examples(**example | {"functions": tuple(example["functions"])})
            for example in self._lessons[lesson]["examples"]
        ]
        plugin = _Plugin(lesson, callee, notebook, wanted, examples)
        arguments = [
            str(self._folder / CHECKS / f"test_{lesson}.py"),
            "-c", os.devnull, "--rootdir", str(self._folder), "--import-mode=importlib",
            "--confcutdir", str(self._folder / CHECKS), "--disable-plugin-autoload",
            *(word for name in UNUSED_PLUGINS for word in ("-p", f"no:{name}")),
        ]  # fmt: skip
        for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS"):
            os.environ.pop(name, None)  # meant for the user's own tests
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            ended = pytest.main(arguments, plugins=[plugin, fixture_plugin(plugin.values)])
        if ended is pytest.ExitCode.INTERRUPTED:
            raise KeyboardInterrupt
        if missing := set(wanted) - plugin.results.keys():
            reason = plugin.collection_error or printed.getvalue().strip()
            raise NotYet(
                f"The visible checks could not be run ({', '.join(sorted(missing))}). Fetch the "
                f"assignment anew, if its folder {self._folder.name} was changed.\n{reason}"
            )
        return list(plugin.results.values())

    def _name_mistakes(
        self, lesson: str, callee: KernelNotebook, results: Sequence[CheckResult]
    ) -> tuple[list[CheckResult], Mapping[str, Mistake]]:
        """Name the known mistake that explains a failure, if one does."""
        path = self._folder / MISTAKES / f"{lesson}.sealed"
        sealed = SealedMistakes(path, f"{self._folder.name}/{MISTAKES}/{path.name}")
        failed = [result for result in results if result.status is Status.FAILED]
        called = {result.check: sealed.called.get(result.check, ()) for result in results}
        concerned = {name for result in failed for name in called[result.check]}
        functions = [name for name in sealed.functions if name in concerned]
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            matches = sealed.match(callee, functions)
        named = FailureCauses(functions, called, failed, matches, lambda version: version.fails)
        return [named.results.get(result.check, result) for result in results], named.mistakes

    def advise_earlier_lessons(self, lesson: str) -> str:
        """A sentence on imported lessons that do not pass and come first; empty if all pass."""
        for name, before in self._finder.imported.items():
            if name == lesson or not notebook_path(name).is_file():
                continue
            if notebook_path(name).read_bytes() != before:
                return (
                    f"{lesson} imports {name}, which was changed since. Restart this notebook's "
                    "kernel, and run all cells."
                )
        for name in self._lessons:
            if name in self._finder.imported and name != lesson and not self._passes(name):
                return (
                    f"{lesson} imports {name}, which does not pass yet: begin there. Open "
                    f"{name}.ipynb, and then restart this notebook's kernel and run all cells."
                )
        return ""

    def _passes(self, lesson: str) -> bool:
        """Whether the notebook of an earlier lesson passes all its visible checks."""
        names = [
            name
            for subject in self._lessons[lesson]["subjects"].values()
            for name in subject["checks"]
        ]
        if not names:
            return True
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            try:
                notebook = vars(load_notebook(lesson))
            except Exception:  # noqa: BLE001  (a student's program)
                return False
            callee = KernelNotebook(lesson, notebook, self._lessons)
            results = self._run_checks(lesson, callee, notebook, names)
        return all(result.status is Status.PASSED for result in results)

    def _reduce(self, lesson: str, results: Sequence[CheckResult]) -> list[CheckResult]:
        """The results, without what the course's policy hides from students."""
        whole = LessonResult(lesson, LessonStatus.GRADED, 0.0, 0.0, None, tuple(results))
        if self._feedback is Feedback.FULL:
            return list(results)
        shown = reduce_for_student(StudentResult("", (whole,)), Feedback.BRIEF)
        return list(shown.lessons[0].checks)

    def _hints(
        self,
        lesson: str,
        subject: str,
        shown: Sequence[CheckResult],
        mistakes: Mapping[str, Mistake],
    ) -> Sequence[str]:
        """The steps of the hint for the first failure: of the mistake, else of the function."""
        wrong = [result for result in shown if result.status is not Status.PASSED]
        if not wrong or self._feedback is not Feedback.FULL:
            return ()
        for result in wrong:
            if mistake := mistakes.get(result.misconception or ""):
                return mistake.hints[1:]  # the first stands in the table
        hints: Sequence[str] = self._lessons[lesson]["hints"].get(subject, ())
        return hints


@dataclass(frozen=True, slots=True)
class Found:
    """The results of checks."""

    results: list[CheckResult]
    mistakes: Mapping[str, Mistake]  # that were recognised, by id
    earlier: str  # a sentence on an earlier lesson that comes first; empty if none does


@dataclass(frozen=True, slots=True)
class _Check:
    """The properties of a visible check that its result repeats."""

    name: str
    title: str
    points: float
    hidden: bool = False


class _Plugin:
    """The pytest plugin that runs the checks."""

    def __init__(
        self,
        lesson: str,
        callee: KernelNotebook,
        notebook: Mapping[str, Any],
        wanted: Sequence[str],
        examples: Sequence[Examples],
    ) -> None:
        self.results: dict[str, CheckResult] = {}
        self.values = FixtureValues()
        self.values.student.knows_reference = False
        self.collection_error = ""
        self._lesson = lesson
        self._callee = callee
        self._wanted = set(wanted)
        self._examples = examples
        self._names = ModuleType("notebook")  # knows what the functions' parameters are called
        vars(self._names).update(notebook)

    def pytest_configure(self, config: pytest.Config) -> None:
        config.addinivalue_line("markers", "points(number): what a check is worth")
        config.addinivalue_line("markers", "builds_on(name, ...): checks that come before it")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.collection_error = str(report.longrepr).strip()

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = [item for item in session.items if isinstance(item, pytest.Function)]
        parent = next((item.getparent(pytest.Module) for item in items), None)
        if parent is None:  # a lesson whose examples are all that is visible
            parent = pytest.Module.from_parent(session, path=Path(session.config.args[0]))
        items += [make_item(parent, example) for example in self._examples]
        names = [item.name for item in items]
        last = max((names.index(name) for name in self._wanted & {*names}), default=-1)
        for item, following in zip(items[: last + 1], [*items[1 : last + 1], None], strict=True):
            self.results[item.name] = self._run(item, following)
        return True

    def _run(self, item: pytest.Function, following: pytest.Function | None) -> CheckResult:
        """One check; set up, called and torn down as pytest does, and as in grading."""
        mark = item.get_closest_marker("points")
        title = (inspect.getdoc(item.obj) or item.name).partition("\n")[0].strip()
        title = take_out_markdown(title)
        check = _Check(item.name, title, float(mark.args[0]) if mark else 1.0)
        names = [name for mark in item.iter_markers("builds_on") for name in mark.args]
        before = [self.results[name] for name in names if name in self.results]
        if titles := [result.title for result in before if result.status not in _LETS_PASS]:
            return result_of(check, Status.SKIPPED, name_what_it_builds_on(titles))
        student = self.values.student
        student.begin_check(self._callee, self._names)
        self.values.rng = np.random.default_rng(zlib.crc32(item.name.encode()))
        error = self._run_in_pytest(item, following)
        error = student.fault or error
        if error is None:
            return result_of(check, Status.PASSED)
        call = student.last_call
        programs = {self._lesson: (f"{self._lesson}.ipynb", list[str](), True)}
        result = explain_failure(check, error, call, None, lesson=self._lesson, programs=programs)
        if isinstance(error, MissingFunction):
            cell = Row("look at", "the cell that defines it: has it been run?")
            result = replace(result, rows=(*result.rows, cell))
        return result

    def _run_in_pytest(
        self, item: pytest.Function, following: pytest.Function | None
    ) -> BaseException | None:
        raised: BaseException | None = None
        try:
            prepare_again(item, self.values.for_item(item))
            item.ihook.pytest_runtest_setup(item=item)
            item.ihook.pytest_runtest_call(item=item)
        except _OUTCOMES as error:
            raised = error
        try:
            item.ihook.pytest_runtest_teardown(item=item, nextitem=following)
        except _OUTCOMES as error:
            raised = raised or error
        return raised


def _show(
    shown: Sequence[CheckResult],
    lesson: Sequence[CheckResult],
    summary: str,
    earlier: str,
    hints: Sequence[str],
) -> None:
    text = "\n".join(part for part in (_as_text(shown, lesson, earlier), summary) if part)
    ipython: Any = sys.modules.get("IPython")  # which a kernel has
    if ipython is None or ipython.get_ipython() is None:
        sys.stdout.write(f"{text}\n")
        return
    table = checks_table.as_html(shown, lesson) if shown else ""
    below = "".join(f"<p>{escape(part)}</p>" for part in (earlier, summary) if part)
    html = table + _steps(hints) + below
    ipython.display.display({"text/html": html, "text/plain": text}, raw=True)


def _steps(hints: Sequence[str]) -> str:
    """The steps of a hint; each one is hidden until the student opens the one before it."""
    html = ""
    for hint in reversed(hints):
        html = f"<details><summary>Stuck? A hint</summary><p>{escape(hint)}</p>{html}</details>"
    return html


def _as_text(shown: Sequence[CheckResult], lesson: Sequence[CheckResult], earlier: str) -> str:
    text = checks_table.as_text(shown, lesson)
    return f"{text}\n{earlier}" if earlier else text
