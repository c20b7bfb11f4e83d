"""Versions: what has results graded again, and no test of the command can change."""

from __future__ import annotations

from importlib import metadata

import pytest
from conftest import CourseWriter

from grader import fingerprints
from grader.course import Course
from grader.fingerprints import Fingerprints
from grader.intake import Source, Submission

SOURCE = Source("double.py", ("def double(x): return 2 * x",), notebook=False)


@pytest.fixture
def course(tiny_course: CourseWriter) -> Course:
    return Course.load(tiny_course(packages=["scipy"]))


def digest(course: Course) -> bytes:
    return Fingerprints(course).of(Submission("ada", {"double": SOURCE}))["double"].digest


@pytest.mark.parametrize("name", ["grader", "numpy", "pytest", "scipy"])
def test_another_version_of_a_package_that_decides_counts(
    course: Course, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    before = digest(course)
    assert digest(course) == before
    if name == "grader":
        monkeypatch.setattr(fingerprints, "__version__", "0")
    else:
        versions = {name: "0"}
        version = metadata.version
        monkeypatch.setattr(metadata, "version", lambda it: versions.get(it) or version(it))
    assert digest(course) != before
