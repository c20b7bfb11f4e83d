"""What a check passed once it passes again: nothing runs twice, and no result is another for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from corpus import CORPUS, programs, set_scene
from one_lesson_class import submissions_of_double
from tiny_course import write_course

from grader.course import Course
from grader.diagnosis.reruns import DiagnosisCache
from grader.grading import grading_process
from grader.grading.examiner import open_examiner
from grader.grading.grading_process import load_references
from grader.results import Status, StudentResult
from grader.sandbox.client import Sandbox
from grader.sandbox.levels import Isolation
from grader.submissions.intake import take_in

GOOD = "def double(x): return 2 * x"
WRONG = "def double(x): return 2 * x + 1"
ANOTHER = "def double(x): return 2 * x * (1 + 2**-50)"  # right, and another number

#: A check that leaves a mark each time it runs; nobody can tell from outside that it does.
NOTED = '''\
import pytest

{before}
{indent}def test_double({arguments}):
{indent}    """A."""
{indent}    with open({log!r}, "a") as log:
{indent}        log.write("*")
{indent}    {body}
'''
IS_FOUR = "assert abs(student.double(2.0) - 4) < 1e-6"

Runs = Callable[..., tuple[list[str], int]]


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    course = Course.load(write_course(tmp_path_factory.mktemp("any") / "course"))
    with grading_process.new_sandbox(course, Isolation.FULL) as sandbox:
        yield sandbox


@pytest.fixture
def own_references(asserts_as_written: None) -> Iterator[None]:
    """The references of this test's course alone, and its checks as they are written."""
    grading_process.forget()
    yield
    grading_process.forget()


@pytest.fixture
def runs(tmp_path: Path, sandbox: Sandbox, own_references: None) -> Runs:
    """How a class fares, student by student, and how often the check ran on its programs."""

    def grade(
        students: Mapping[str, str], *, arguments: str = "student", before: str = "",
        indent: str = "", body: str = IS_FOUR, conftest: str = "", solution: str = GOOD,
        most_passes: int = 99,
    ) -> tuple[list[str], int]:  # fmt: skip
        log = tmp_path / "log"
        log.write_text("")
        text = NOTED.format(
            log=str(log), arguments=arguments, before=before, indent=indent, body=body
        )
        folder = write_course(
            tmp_path / "course", lessons=[{"id": "double", "points": 1}],
            solutions={"double": solution}, hidden={"double": text}, visible={"double": None},
        )  # fmt: skip
        (folder / "tests" / "lessons" / "conftest.py").write_text(conftest)
        course = Course.load(folder)
        submissions = submissions_of_double(students)
        references = load_references(course)
        with open_examiner(course, sandbox, references, most_passes=most_passes) as examiner:
            rehearsed = len(log.read_text())
            results = [examiner.grade(submission) for submission in submissions]
        statuses = [str(result.lessons[0].checks[0].status) for result in results]
        return statuses, len(log.read_text()) - rehearsed

    return grade


@pytest.mark.slow
def test_a_check_runs_once_for_all_who_return_the_same(runs: Runs) -> None:
    students = {"ada": GOOD, "bo": GOOD + "  # mine", "cy": ANOTHER, "di": "double = lambda x: x+x"}
    assert runs(students) == (["passed"] * 4, 2)
    assert runs(students, most_passes=0) == (["passed"] * 4, 4)
    assert runs(students, most_passes=1) == (["passed"] * 4, 2)
    assert runs(dict(reversed(students.items())), most_passes=1) == (["passed"] * 4, 2)


def test_what_stands_behind_an_assertion_is_foreseen_as_well(runs: Runs) -> None:
    body = "assert student.double(1.0) < 3; assert student.double(2.0) > 3"
    assert runs({"ada": GOOD, "bo": GOOD}, body=body) == (["passed"] * 2, 1)


def test_a_failure_is_never_taken_for_granted(runs: Runs) -> None:
    students = {"ada": WRONG, "bo": WRONG, "cy": GOOD, "di": WRONG}
    assert runs(students)[0] == ["failed", "failed", "passed", "failed"]


@pytest.mark.parametrize("body", [
    "with pytest.raises(ValueError): student.double('2')",  # an exception quotes the program
    "assert student.double(1.0) == 2.0 or student.double(3.0)",  # not what was foreseen
    "assert student.double(student.double(1.0)) > 3",  # nothing is: it goes by the answers
    "found = student.double(1); assert found < 3; assert student.double(found) > 2",
    "assert student.double(1) < 3 and student.double(2) > 3",  # nothing behind an `and` is
    "assert student.double",
])  # fmt: skip
def test_what_saw_more_than_the_foreseen_values_runs_each_time(runs: Runs, body: str) -> None:
    solution = "def double(x):\n    if type(x) is str: raise ValueError\n    return 2 * x"
    odd = solution.replace("2 * x", "2 * x * (1 + 2**-50)")
    students = {"ada": odd, "bo": odd, "cy": odd}
    assert runs(students, body=body, solution=solution) == (["passed"] * 3, 3)


def test_a_check_that_goes_by_what_a_program_returns_may_ask_for_less_but_not_for_more(
    runs: Runs,
) -> None:
    """The reference gives a float, and so does what its answers are blurred to."""
    students = dict.fromkeys(["ada", "bo"], "def double(x): return int(2 * x)")
    less = "assert type(student.double(1.0)) is int or student.double(3.0)"
    more = "assert type(student.double(1.0)) is float or student.double(3.0)"
    assert runs(students, body=less) == (["passed"] * 2, 1)
    assert runs(students, body=more) == (["passed"] * 2, 2)


SEES_MORE = {
    "a fixture of the course": {
        "arguments": "student, extra",
        "conftest": "import pytest\n@pytest.fixture\ndef extra(): return 1",
    },
    "a fixture that nobody asks for": {
        "conftest": "import pytest\n@pytest.fixture(autouse=True)\ndef extra(): return 1",
    },
    "the request": {"arguments": "student, request"},
    "a hook of the course": {"conftest": "def pytest_runtest_setup(item): pass"},
    "a setup of the file": {"before": "def setup_function(): pass"},
    "a class": {"before": "class TestIt:", "indent": "    ", "arguments": "self, student"},
    "a list that grows": {"before": "SEEN = []", "body": f"SEEN.append(1); {IS_FOUR}"},
    "a number that counts": {
        "before": "seen = 0",
        "body": f"global seen; seen += 1; {IS_FOUR}",
    },
    "an array that changes": {
        "before": "import numpy as np\nseen = np.zeros(1)",
        "body": f"seen[0] += 1; {IS_FOUR}",
    },
    "a generator of its own": {"before": "import numpy as np\nown = np.random.default_rng(1)"},
    "a parameter by way of a fixture": {
        "before": "@pytest.mark.parametrize('extra', [1], indirect=True)",
        "arguments": "student, extra",
        "conftest": "import pytest\n@pytest.fixture\ndef extra(): return 1",
    },
}


@pytest.mark.parametrize("how", SEES_MORE.values(), ids=SEES_MORE)
def test_a_check_that_may_see_more_runs_for_everybody(runs: Runs, how: dict[str, str]) -> None:
    assert runs({"ada": GOOD, "bo": GOOD, "cy": GOOD}, **how) == (["passed"] * 3, 3)


@pytest.mark.parametrize("how", [
    {"arguments": "student, reference, rng"},
    {"arguments": "student, n", "before": "@pytest.mark.parametrize('n', [1])"},
    {"arguments": "student, n, m", "before": "@pytest.mark.parametrize('n, m', [(1, 2)])"},
    {"before": "import numpy as np\nfrom numpy.testing import assert_allclose\nEYE = np.eye(3)"},
    {"before": "pytestmark = [pytest.mark.points(1)]"},
    {"before": "def helper(): pass\nNAMES = {'a': (1, 'b')}"},
])  # fmt: skip
def test_what_is_the_same_for_everybody_may_be_seen(runs: Runs, how: dict[str, str]) -> None:
    assert runs({"ada": GOOD, "bo": GOOD, "cy": GOOD}, **how) == (["passed"] * 3, 1)


def test_setups_of_later_files_find_nothing_left_standing(runs: Runs) -> None:
    """A known pass between two checks that run is as if pytest had run it."""
    more = "def setup_module(): assert not LIVE; LIVE.append(1)\ndef teardown_module(): LIVE.pop()"
    students = {"ada": GOOD, "bo": WRONG, "cy": GOOD, "di": ANOTHER}
    expected = ["passed", "failed", "passed", "passed"]
    assert runs(students, before=f"LIVE = []\n{more}")[0] == expected


def assert_same_results(course: Course, submissions: Path) -> None:
    """Grade a class with nothing known, and twice over with all passes known."""
    lessons = course.lesson_ids
    once = list(take_in(submissions, lessons, max_file_bytes=10**6))
    references = load_references(course)
    cache = DiagnosisCache()  # of the course; it knows nothing of passes
    with grading_process.new_sandbox(course, Isolation.FULL) as sandbox:
        with open_examiner(course, sandbox, references, most_passes=0, cache=cache) as examiner:
            ran = [examiner.grade(submission) for submission in once]
        with open_examiner(course, sandbox, references, cache=cache) as examiner:
            known = [examiner.grade(submission) for submission in [*once, *once]]
    assert len(known) == 2 * len(ran)
    for expected, found in zip([*ran, *ran], known, strict=True):
        assert settled(found) == settled(expected)


def settled(result: StudentResult) -> StudentResult:
    """Without what a busy machine decides: by which clock an endless loop was stopped."""
    lessons = [
        replace(
            lesson,
            checks=tuple(
                replace(check, rows=()) if check.status is Status.TIMEOUT else check
                for check in lesson.checks
            ),
        )
        for lesson in result.lessons
    ]
    return replace(result, lessons=tuple(lessons))


@pytest.mark.slow
@pytest.mark.usefixtures("own_references")
def test_a_hostile_class_gets_the_same_whether_passes_are_known_or_not(tmp_path: Path) -> None:
    with closing(set_scene(tmp_path / "scene")) as scene:
        for program in programs(CORPUS):
            if program.kind == "integrity":
                scene.hand_in(program.student, program)
        assert_same_results(Course.load(scene.course), scene.submissions)
