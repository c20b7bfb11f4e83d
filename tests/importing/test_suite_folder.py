"""Folders with stubs, solutions and tests become courses."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader.cli import main
from grader.course.stubs import make_stub
from grader.importing.answers import mark_answers
from grader.importing.import_course import read_source
from grader.importing.suite_folder import find_exercises, without_tests
from grader.importing.trial import try_lesson

STUB = """\
LIMIT = None


class Stack:
    def __init__(self):
        pass

    def push(self, item):
        pass


def total(numbers):
    pass
"""
SOLUTION = '''\
import math

LIMIT = 3
SECRET = 7


def _helper(numbers):
    return SECRET * math.fsum(numbers) / SECRET


class Stack:
    """Last in, first out."""

    def __init__(self):
        self.items = []

    def push(self, item):
        """Put an item on top."""
        if self._is_full():
            raise ValueError("full")
        self.items.append(item)

    def _is_full(self):
        return len(self.items) == LIMIT


def total(numbers): return _helper(numbers)
'''
SUITE = """\
import unittest

from sums import LIMIT, Stack, total


class SumsTest(unittest.TestCase):
    def test_total(self):
        self.assertEqual(total([1, 2]), 3)

    def test_it_is_full_at_last(self):
        stack = Stack()
        for item in range(LIMIT):
            stack.push(item)
        with self.assertRaises(ValueError):
            stack.push(1)


class WrongTest(unittest.TestCase):
    def test_wrong(self):
        self.assertEqual(total([1]), 2)
"""


def exercism(folder: Path) -> Path:
    """An exercise as Exercism's track for Python has it."""
    files = {"solution": ["sums.py"], "test": ["sums_test.py"], "example": [".meta/example.py"]}
    for name, text in {
        ".meta/config.json": json.dumps({"files": files}),
        ".meta/example.py": SOLUTION,
        ".docs/instructions.md": "Add numbers up.\\n",
        "sums.py": STUB,
        "sums_test.py": SUITE,
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.mark.slow
def test_the_command_makes_builds_and_proves_a_course(tmp_path: Path) -> None:
    source, course = exercism(tmp_path / "sums"), tmp_path / "course"
    result = CliRunner().invoke(main, ["import", str(source), str(course)])
    assert result.exit_code == 1, result.output
    assert (
        f"{course}: made of a folder with tests: 1 lesson, 2 checks, 2 points.\n" in result.output
    )
    assert "1 thing did not come over:\n  .meta/example.py: `test_wrong`: " in result.output
    assert "2/2" in result.output
    assert result.output.endswith("The checks of sums are proved.\n")
    assert "WrongTest" in (course / "tests/lessons/visible/test_sums.py").read_text()
    exercise = (course / "exercises/sums.py").read_text()
    assert exercise.startswith("# %% [markdown]\n# # Sums\n#\n# Add numbers up.")
    assert "SECRET" not in exercise
    assert "_helper" not in exercise


@pytest.mark.parametrize(
    "test",
    [
        "    async def test_late(self):\n        pass\n",
        "    def made(self):\n        assert False\n    test_made = made\n",
    ],
)
def test_tests_that_cannot_be_taken_out_are_told_and_the_command_ends(
    tmp_path: Path, test: str
) -> None:
    source = exercism(tmp_path / "sums")
    suite = f"class TestSums:\n    def test_right(self):\n        pass\n{test}"
    (source / "sums_test.py").write_text(f"from sums import total\n\n\n{suite}")
    draft = read_source(source)
    (lesson,) = draft.lessons
    is_left = try_lesson(draft, lesson)
    assert is_left == ("async" in test)
    assert re.search("`(TestSums.)?test_(late|made)`", draft.left_over[-1].what)


def test_nothing_is_made_where_something_is(tmp_path: Path) -> None:
    source = exercism(tmp_path / "sums")
    result = CliRunner().invoke(main, ["import", str(source), str(source)])
    assert result.exit_code == 1
    assert "is there already; name a new folder" in result.output
    assert CliRunner().invoke(main, ["import", str(tmp_path / "none"), "x"]).exit_code == 2


def test_answers_are_what_the_stub_lacks() -> None:
    marked = mark_answers(SOLUTION, STUB)
    assert (
        "".join(line for line in marked.splitlines(True) if "### " not in line).replace(
            "LIMIT = None\n", ""
        )
        == SOLUTION
    )
    assert (
        make_stub(marked, where="sums.py")
        == '''\
import math

LIMIT = None
# Your code here.
raise NotImplementedError


class Stack:
    """Last in, first out."""

    def __init__(self):
        # Your code here.
        raise NotImplementedError

    def push(self, item):
        """Put an item on top."""
        # Your code here.
        raise NotImplementedError



# Your code here.
raise NotImplementedError
'''
    )


def test_without_a_stub_students_get_the_heads() -> None:
    stub = make_stub(mark_answers(SOLUTION, None), where="sums.py")
    assert "LIMIT = 3\nSECRET = 7\n" in stub
    assert "def _helper(numbers):\n    # Your code here." in stub


def test_markers_that_are_there_stay() -> None:
    text = "def f():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION\n"
    assert mark_answers(text, None) == text


@pytest.mark.parametrize(
    "files",
    [
        ["solutions/sums.py", "exercises/sums.py", "tests/test_sums.py"],
        ["hw1/solution/sums.py", "hw1/starter/sums.py", "hw1/sums_test.py"],
        ["sums_solution.py", "sums.py", "test_sums.py"],
        ["solution_sums.py", "sums_stub.py", "tests/tests.py"],
    ],
)
def test_a_repository_of_homework_is_understood_by_its_names(
    tmp_path: Path, files: list[str]
) -> None:
    for name, text in zip(files, [SOLUTION, STUB, SUITE], strict=True):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (found,) = find_exercises(tmp_path)
    paths = (found.solution, found.stub, *found.tests)
    assert [path and path.relative_to(tmp_path).as_posix() for path in paths] == files
    (lesson,) = read_source(tmp_path).lessons
    assert (lesson.id, lesson.suite) == ("sums", SUITE)


def test_a_solution_alone_will_do(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src/sums.py").write_text(SOLUTION)
    (tmp_path / "test_sums.py").write_text(SUITE.replace("from sums", "from src.sums"))
    (lesson,) = read_source(tmp_path).lessons
    assert lesson.suite == SUITE


def test_tests_are_cut_out_of_a_suite_by_name() -> None:
    suite = without_tests(SUITE, ["test_wrong", "SumsTest.test_total"])
    assert "test_total" not in suite
    assert suite.endswith("class WrongTest(unittest.TestCase):\n    pass\n")
    compile(suite, "suite", "exec")


@pytest.mark.parametrize("name", ["json", "numbers"])
def test_a_name_that_no_lesson_can_have_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / f"{name}_solution.py").write_text("def f():\n    return 1\n")
    (tmp_path / f"test_{name}.py").write_text(f"import {name}\n")
    draft = read_source(tmp_path)
    assert [it.what for it in draft.left_over] == [
        f"`{name}` cannot be a lesson's name here; rename it, with its tests"
    ]


@pytest.mark.parametrize(
    "config", ["", "[]", '{"files": 3}', '{"files": {"solution": ["../../x.py"]}}', "[" * 100_000]
)
def test_a_broken_configuration_of_exercism_is_none(tmp_path: Path, config: str) -> None:
    (exercism(tmp_path) / ".meta/config.json").write_text(config)
    assert [it.solution.name for it in find_exercises(tmp_path)] == ["sums.py"]
