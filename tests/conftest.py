"""What pytest needs to know of all tests: the fixtures they share, and how input is made up."""

from __future__ import annotations

import pytest
from hypothesis import settings

from grader.submissions import folders

pytest_plugins = [
    "browser",
    "classroom_folder",
    "grade_command",
    "one_lesson_class",
    "released_course",
    "tiny_course",
]  # modules of fixtures for several tests

# The same made-up inputs in every run, so that a failure is nobody's bad luck; `make soak` draws
# new ones, and many more. No deadlines: other people's work may take the machine's time.
settings.register_profile(
    "suite", max_examples=150, derandomize=True, deadline=None, database=None, print_blob=True
)
settings.register_profile(
    "soak", max_examples=5_000, derandomize=False, deadline=None, database=None, print_blob=True
)
settings.load_profile("suite")


@pytest.fixture(params=[True, False], ids=["descriptors", "paths"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders held open, as on Linux and macOS; or paths alone, as on Windows."""
    if request.param and not folders._HOLDS_FOLDERS_OPEN:
        pytest.skip("Windows cannot hold folders open; the same test with paths runs there")
    monkeypatch.setattr(folders, "_HOLDS_FOLDERS_OPEN", request.param)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the group of a test into its id, by which `--dist loadgroup` keeps a group together.

    pytest-xdist 3.8 tries to, but sets an attribute that pytest 9.2 no longer reads.
    """
    if getattr(config.option, "loadgroup", False):  # in a worker of pytest-xdist
        for item in items:
            groups = {str(mark.args[0]) for mark in item.iter_markers("xdist_group")}
            if groups and "@" not in item.nodeid.rpartition("]")[2]:
                item._id = type(item._id).parse(f"{item.nodeid}@{'_'.join(sorted(groups))}")
