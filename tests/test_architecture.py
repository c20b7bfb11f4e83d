"""Arrows point one way: which module may import which, read from the sources."""

from __future__ import annotations

import ast
import re
import sys
from graphlib import CycleError, TopologicalSorter

import pytest
from engine_imports import MODULES, module_imports, within
from places import REPOSITORY

#: Modules of the sandbox that both ends use.
BOTH_ENDS = tuple(
    f"grader.sandbox.{name}"
    for name in ("wire", "kinds", "dtypes", "tables", "module_names", "process_clocks")
)


def inside() -> list[str]:
    return [module for module in MODULES if within(module, "grader.sandbox.inside")]


def test_the_tests_look_at_all_of_the_engine() -> None:
    assert {"grader", "grader.sandbox.inside.zygote", "grader.results"} <= module_imports().keys()
    assert "grader.sandbox.wire" in module_imports()["grader.sandbox.client"]


@pytest.mark.parametrize("module", inside())
def test_what_runs_beside_student_code_imports_nothing_of_the_grader(module: str) -> None:
    allowed = ("numpy", *BOTH_ENDS, "grader.sandbox.inside", *sys.stdlib_module_names)
    assert [name for name in module_imports()[module] if not within(name, *allowed)] == []


@pytest.mark.parametrize("module", ["grader", "grader.sandbox", *BOTH_ENDS])
def test_what_the_untrusted_end_imports_on_its_way_is_as_bare(module: str) -> None:
    allowed = ("numpy", *BOTH_ENDS, *sys.stdlib_module_names)
    assert [name for name in module_imports()[module] if not within(name, *allowed)] == []


def package_of(module: str) -> str:
    """The package or loose module below `grader` that a module belongs to."""
    return ".".join(module.split(".")[1:2]) or "grader"


def packages_in_the_page() -> dict[str, list[str]]:
    """Each package of docs/architecture.md with those that it may import, in the page's order."""
    page = (REPOSITORY / "docs" / "architecture.md").read_text("utf-8")
    table = page.partition("| package | what it is | imports |\n")[2].partition("\n\n")[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[1:]
    ]
    return {name.strip("`"): re.findall("`(.+?)`", imports) for name, _, imports in rows}


def packages_in_the_code() -> dict[str, set[str]]:
    """Each package of the engine with those that it imports."""
    found: dict[str, set[str]] = {package_of(module): set() for module in MODULES}
    for module, names in module_imports().items():
        others = {package_of(name) for name in names if within(name, "grader")}
        found[package_of(module)] |= others - {package_of(module)}
    return found


def test_every_package_imports_just_what_the_page_says() -> None:
    page = {package: set(imports) for package, imports in packages_in_the_page().items()}
    assert page == packages_in_the_code()


def test_a_package_imports_only_packages_above_it_in_the_page() -> None:
    above: set[str] = set()
    for package, imports in packages_in_the_page().items():
        assert set(imports) <= above, package
        above.add(package)


def test_at_most_eight_modules_lie_loose() -> None:
    loose = [path.name for path in (REPOSITORY / "grader").glob("*.py")]
    assert len(loose) <= 8, loose


def test_every_file_that_the_page_or_contributing_names_is_there() -> None:
    for name in ("docs/architecture.md", "CONTRIBUTING.md"):
        page = (REPOSITORY / name).read_text("utf-8")
        paths = re.findall(r"`((?:grader|tests|docs|solutions|benchmarks)/[a-z_\d./]*)`", page)
        assert paths
        assert [path for path in paths if not (REPOSITORY / path).exists()] == [], name


def test_the_page_says_where_at_least_twenty_things_are_done() -> None:
    page = (REPOSITORY / "docs" / "architecture.md").read_text("utf-8")
    table = page.partition("| I want to … | file |\n")[2].partition("\n\n")[0]
    assert len(table.splitlines()) > 20


def test_only_the_command_line_knows_click() -> None:
    for module, names in module_imports().items():
        if not within(module, "grader.cli"):
            assert not [name for name in names if within(name, "click")], module


def test_only_verification_needs_what_makes_mutants() -> None:
    users = {
        module
        for module, names in module_imports().items()
        if any(within(name, "libcst") for name in names)
    }
    assert users == {"grader.verify.mutants", "grader.verify.mutation_operators"}


def test_no_imports_go_round_in_a_circle() -> None:
    graph = {
        module: {name for name in names if name in MODULES and name != module}
        for module, names in module_imports().items()
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
