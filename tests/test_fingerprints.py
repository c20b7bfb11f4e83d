"""Which modules count as grading's: found in the text, and held against what really runs."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from engine_imports import MODULES, module_imports
from tiny_course import CourseWriter

from grader.fingerprints import find_imports, find_sources, hash_sources
from grader.grading.lesson_fingerprints import grading_modules

_GRADE = """
import json, sys
from pathlib import Path
from grader.grading.grading_process import grade_batch
from grader.course import Course
from grader.submissions.submission import Source, Submission
from grader.sandbox.levels import Isolation

course = Course.load(Path(sys.argv[1]))
source = Source("double.py", ("def double(x): return 3 * x",), notebook=False)
results = grade_batch(course, Isolation.PROCESS, [Submission("ada", {"double": source})])
assert any(check.status == "failed" for check in results[0].lessons[0].checks)
print(json.dumps([name for name in sys.modules if name.split(".")[0] == "grader"]))
"""


def reached(module: str) -> set[str]:
    """A module, its packages, and all that they import in turn, as Python's own parser sees it."""
    found: set[str] = set()
    todo = [module]
    while todo:
        name = todo.pop()
        if name in MODULES and name not in found:
            found.add(name)
            todo += [*module_imports()[name], name.rpartition(".")[0]]
    return found


@pytest.mark.parametrize("module", MODULES)
def test_no_import_is_overlooked(module: str) -> None:
    assert set(find_sources([module])) == reached(module)


def test_all_that_a_batch_process_runs_counts(tiny_course: CourseWriter) -> None:
    course = tiny_course(lessons=[{"id": "double", "points": 4}])
    command = [sys.executable, "-c", _GRADE, str(course)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout))
    assert {"grader.grading.examiner", "grader.sandbox.session"} <= loaded
    assert loaded - set(find_sources(grading_modules())) == set()


def test_what_decides_whether_a_kept_result_holds_counts_too() -> None:
    keeping = {
        "grader.grading.grading_run",
        "grader.grading.lesson_fingerprints",
        "grader.submissions.imports",
        "grader.grading.store",
    }
    assert keeping <= set(find_sources(grading_modules()))


def test_what_only_tells_of_results_does_not_count() -> None:
    counted = set(find_sources(grading_modules()))
    others = ("grader.reports", "grader.cli", "grader.classroom", "grader.verify")
    assert not {module for module in counted if module.startswith(others)}


def test_imports_are_found_in_every_form() -> None:
    program = """
import numpy, grader.results as results
from grader import course
def late():
    from grader.sandbox import (
        wire,  # with a word on it
        client as other,
    )
"""
    modules = {name for name in find_imports(program) if name in MODULES}
    assert modules == {
        "grader",
        "grader.results",
        "grader.course",
        "grader.sandbox",
        "grader.sandbox.wire",
        "grader.sandbox.client",
    }


def test_a_digest_tells_which_module_holds_what() -> None:
    assert hash_sources({"a": b"1", "b": b"2"}) != hash_sources({"a": b"2", "b": b"1"})
