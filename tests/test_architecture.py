"""Arrows point one way: which module may import which, read from the sources."""

from __future__ import annotations

import ast
import sys
from graphlib import CycleError, TopologicalSorter

import pytest
from engine_imports import IMPORTS, MODULES, within
from places import REPOSITORY


def inside() -> list[str]:
    return [module for module in MODULES if within(module, "grader.sandbox.inside")]


def test_the_tests_look_at_all_of_the_engine() -> None:
    assert {"grader", "grader.sandbox.inside.zygote", "grader.results"} <= IMPORTS.keys()
    assert "grader.sandbox.wire" in IMPORTS["grader.sandbox.client"]


@pytest.mark.parametrize("module", inside())
def test_what_runs_beside_student_code_imports_nothing_of_the_grader(module: str) -> None:
    allowed = ("numpy", "grader.sandbox.wire", "grader.sandbox.inside", *sys.stdlib_module_names)
    assert [name for name in IMPORTS[module] if not within(name, *allowed)] == []


@pytest.mark.parametrize("module", ["grader", "grader.sandbox", "grader.sandbox.wire"])
def test_what_the_untrusted_end_imports_on_its_way_is_as_bare(module: str) -> None:
    allowed = ("numpy", *sys.stdlib_module_names)
    assert [name for name in IMPORTS[module] if not within(name, *allowed)] == []


@pytest.mark.parametrize(
    "module",
    [m for m in MODULES if within(m, "grader.reports", "grader.results", "grader.results.changes")],
)
def test_records_and_reports_know_results_alone(module: str) -> None:
    own = [name for name in IMPORTS[module] if within(name, "grader")]
    records = ("grader.results", "grader.text", "grader.reports", "grader.results.changes")
    allowed = (*records, "grader.own_source")  # the last is of no record: what a page is made by
    assert [name for name in own if not within(name, *allowed)] == []


def test_what_checks_are_written_with_knows_nothing_of_the_grader() -> None:
    assert not [name for name in IMPORTS["grader.testing"] if within(name, "grader")]


def test_the_store_knows_results_alone() -> None:
    own = {name for name in IMPORTS["grader.grading.store"] if within(name, "grader")}
    assert own == {"grader.results", "grader.errors"}


def test_what_tells_an_edit_of_the_grader_knows_nothing_of_it() -> None:
    assert not [name for name in IMPORTS["grader.own_source"] if within(name, "grader")]


def test_marks_know_results_and_the_store_alone() -> None:
    own = {name for name in IMPORTS["grader.results.manual_marks"] if within(name, "grader")}
    assert own == {"grader.results", "grader.grading.store"}


def test_the_sandbox_knows_nothing_of_courses_checks_or_reports() -> None:
    allowed = ("grader.sandbox", "grader.errors")
    for module in MODULES:
        if within(module, "grader.sandbox"):
            own = [name for name in IMPORTS[module] if within(name, "grader")]
            assert [name for name in own if not within(name, *allowed)] == [], module


def test_the_exchange_knows_files_people_and_reports_but_not_how_they_are_graded() -> None:
    files = ("grader.submissions.archives", "grader.files", "grader.text", "grader.errors")
    for module in MODULES:
        if within(module, "grader.exchange"):
            own = [name for name in IMPORTS[module] if within(name, "grader")]
            allowed = ("grader.exchange", "grader.results", "grader.reports", *files)
            assert [name for name in own if not within(name, *allowed)] == [], module


def own_imports(package: str) -> dict[str, list[str]]:
    """What the modules of a package import of the rest of the grader."""
    return {
        module: [name for name in names if within(name, "grader") and not within(name, package)]
        for module, names in IMPORTS.items()
        if within(module, package)
    }


def test_running_checks_knows_nothing_of_diagnosis_or_classes() -> None:
    files = ("grader.course", "grader.errors", "grader.results", "grader.text")
    for module, names in own_imports("grader.checks").items():
        allowed = ("grader.sandbox", "grader.testing", *files)
        assert [name for name in names if not within(name, *allowed)] == [], module


def test_diagnosis_knows_checks_but_not_who_is_graded_or_where() -> None:
    files = (
        "grader.course",
        "grader.submissions.imports",
        "grader.errors",
        "grader.results",
        "grader.text",
    )
    for module, names in own_imports("grader.diagnosis").items():
        allowed = ("grader.checks", "grader.sandbox", *files)
        assert [name for name in names if not within(name, *allowed)] == [], module


def test_only_the_command_line_needs_what_a_learner_does_at_home() -> None:
    for module, names in IMPORTS.items():
        if not within(module, "grader.learner", "grader.cli"):
            assert not [name for name in names if within(name, "grader.learner")], module


def test_only_the_command_line_knows_the_command_line() -> None:
    for module, names in IMPORTS.items():
        if not within(module, "grader.cli", "grader.__main__"):
            assert not [name for name in names if within(name, "click", "grader.cli")], module


def test_only_verification_needs_what_makes_mutants() -> None:
    users = {module for module, names in IMPORTS.items() if any(within(n, "libcst") for n in names)}
    assert users == {"grader.verify.mutants", "grader.verify.operators"}
    for module, names in IMPORTS.items():
        if not within(module, "grader.verify", "grader.cli"):
            assert not [name for name in names if within(name, "grader.verify")], module


def test_no_imports_go_round_in_a_circle() -> None:
    graph = {
        module: {name for name in names if name in MODULES and name != module}
        for module, names in IMPORTS.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


def test_the_engine_names_no_lesson() -> None:
    lessons = {path.stem for path in (REPOSITORY / "solutions").glob("*.py")}
    for module, path in MODULES.items():
        words = {
            node.value
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        assert not words & lessons, module
