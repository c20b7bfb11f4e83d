"""What pytest needs to know of all tests: shared fixtures, made-up input, marks, workers."""

from __future__ import annotations

import compileall
from collections import Counter
from collections.abc import Generator

import pytest
from file_scheduling import FilesTogether
from hypothesis import settings
from places import REPOSITORY

from grader.cli.jupyter_start import leave_out_address_grammar
from grader.grading.cpu_cores import usable_cores
from grader.submissions import folders

leave_out_address_grammar()

#: Modules of fixtures for several tests.
pytest_plugins = [
    "browser",
    "classroom_folder",
    "grade_command",
    "homework",
    "one_lesson_class",
    "released_course",
    "tiny_course",
]

#: Fixtures that take long, or that need what not everybody has, and the mark of each test with one.
MARKS = {
    "browser": "browser",
    "course_classroom": "classroom",
    "graded_classroom": "classroom",
    "released_classroom": "classroom",
    "released_course": "slow",
    "sample_run": "slow",
}

# The same made-up inputs in every run, so that a failure is nobody's bad luck. `make quick` takes
# a few of them; `make soak` draws new ones, and many more. No deadlines: other people's work may
# take the machine's time.
settings.register_profile(
    "suite", max_examples=150, derandomize=True, deadline=None, database=None, print_blob=True
)
settings.register_profile(
    "soak", max_examples=5_000, derandomize=False, deadline=None, database=None, print_blob=True
)
settings.register_profile("quick", settings.get_profile("suite"), max_examples=15)
settings.load_profile("suite")


def pytest_configure(config: pytest.Config) -> None:
    """Compile the grader once. A sandbox keeps no bytecode: each of hundreds would compile it."""
    if not hasattr(config, "workerinput"):
        compileall.compile_dir(REPOSITORY / "grader", quiet=2)


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Generator[None]:
    for item in items:
        for fixture in MARKS.keys() & set(getattr(item, "fixturenames", ())):
            item.add_marker(MARKS[fixture])
    yield  # -m selects
    if hasattr(config, "workerinput"):
        longest_first(items)
        put_groups_into_ids(items)


def longest_first(items: list[pytest.Item]) -> None:
    """Order the tests, or the last worker would begin long ones when the others have finished.

    Groups come first, because what their tests share is dearest. Files of classrooms alone follow,
    then files of slow tests alone. Among them those of one test come first: a worker that runs its
    last test already holds the next file.
    """
    tests = Counter(map(place_of, items))
    marked = {
        name: Counter(place_of(item) for item in items if item.get_closest_marker(name))
        for name in ("classroom", "slow")
    }

    def rank(item: pytest.Item) -> tuple[bool, float, float, int]:
        place = place_of(item)
        classrooms, slow = (marked[name][place] / tests[place] for name in marked)
        return place == str(item.path), -classrooms, -slow, tests[place]

    items.sort(key=rank)


def place_of(item: pytest.Item) -> str:
    """The `xdist_group` or the file of a test: one worker runs all tests of the same place."""
    group = item.get_closest_marker("xdist_group")
    return str(group.args[0] if group else item.path)


def put_groups_into_ids(items: list[pytest.Item]) -> None:
    """Write a test's `xdist_group` behind its id, where the scheduler looks for it.

    pytest-xdist 3.8 tries to, but sets an attribute that pytest 9.2 no longer reads.
    """
    for item in items:
        for mark in item.iter_markers("xdist_group"):
            item._id = type(item._id).parse(f"{item.nodeid}@@{mark.args[0]}")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """The workers of `-n logical`: one a core. Those of `-n auto`: one more; many tests wait."""
    return usable_cores() + int(config.option.numprocesses == "auto")


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> FilesTogether:
    return FilesTogether(config, log)


@pytest.fixture(params=[True, False], ids=["descriptors", "paths"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders held open, as on Linux and macOS; or paths alone, as on Windows."""
    if request.param and not folders._HOLDS_FOLDERS_OPEN:
        pytest.skip("Windows cannot hold folders open; the same test with paths runs there")
    monkeypatch.setattr(folders, "_HOLDS_FOLDERS_OPEN", request.param)
