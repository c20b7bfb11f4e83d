"""Grading that goes on where it was, and grades nothing twice.

Where only the question is who is graded again, no program is run: see :class:`NoPrograms`. Where no
process of the grader has to be lost, this one grades.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest
from grader_processes import find_processes, find_zygotes
from grading_here import start_graders_here
from tiny_course import CourseWriter

import grader
from grader.course import Course
from grader.errors import GraderError
from grader.grading.batches import GradedBatch
from grader.grading.grade_class import Graded, Options, grade_class
from grader.grading.store import FILENAME, open_store
from grader.results import CheckResult, LessonResult, LessonStatus, Status, StudentResult
from grader.sandbox.levels import Isolation, LevelChoice
from grader.submissions.submission import Source, Submission

STUDENTS = ("ada", "ben", "cleo", "dev", "eve", "finn")
KILLS = int(os.environ.get("GRADER_KILLS", "6"))
#: Who is killed, and whether it is while students are graded.
VICTIMS = (
    ("grader", True),
    ("helper", True),
    ("sandbox", True),
    ("helper", True),
    ("grader", False),
    ("helper", False),
)

Tree = tuple[Path, Path, Path]


@pytest.fixture
def tree(tiny_course: CourseWriter, tmp_path: Path) -> Tree:
    """A course of two lessons, a class that gets different marks, and a place for results."""
    course = tiny_course(lessons=[{"id": "double", "points": 4}, {"id": "triple", "points": 4}])
    for number, name in enumerate(STUDENTS):
        folder = tmp_path / "class" / name
        folder.mkdir(parents=True)
        for lesson in ("double", "triple"):
            text = f"def {lesson}(x):\n    return 2 * x + {number % 3}\n"
            (folder / f"{lesson}.py").write_text(text)
    return course, tmp_path / "class", tmp_path / "out"


#: The command, with one student in a batch: two processes shall share a class that small.
ONE_BY_ONE = (
    "from grader.grading import batches; batches._MAX_BATCH = 1; "
    "from grader.__main__ import main; main()"
)


def command(tree: Tree) -> list[str]:
    course, submissions, out = map(str, tree)
    words = ["--course", course, "grade", submissions, "--out", out, "--jobs", "2"]
    return [sys.executable, "-c", ONE_BY_ONE, *words]


Grade = Callable[..., Graded]


@pytest.fixture
def grade(monkeypatch: pytest.MonkeyPatch, asserts_as_written: None) -> Grade:
    """Grade a class in this process, with the options given."""

    def grade_here(tree: Tree, **options: Any) -> Graded:
        course, submissions, out = tree
        with monkeypatch.context() as patch:
            patch.setattr("grader.grading.grade_class.start_graders", start_graders_here)
            return grade_class(Course.load(course), submissions, out, Options(**options))

    return grade_here


class NoPrograms:
    """In the place of the processes that grade. A program has the points that its length makes."""

    def __init__(self, course: Course, isolation: Isolation) -> None:
        self.course = course
        self.choice = LevelChoice(isolation)

    def grade_batches(self, submissions: Iterable[Submission]) -> Iterator[GradedBatch]:
        for submission in submissions:
            lessons = (self._result(submission, lesson) for lesson in self.course.lesson_ids)
            result = StudentResult(submission.student, tuple(lessons))
            yield GradedBatch([result], self.choice.isolation)

    def _result(self, submission: Submission, lesson: str) -> LessonResult:
        if lesson in submission.earlier:
            return submission.earlier[lesson].result
        source = submission.lessons[lesson]
        assert isinstance(source, Source)
        points = float(len("".join(source.cells)) % 4)
        check = CheckResult("test_it", "It.", Status.FAILED, points, 4.0)
        return LessonResult(lesson, LessonStatus.GRADED, points, 4.0, None, (check,))


Regrade = Callable[..., Graded]


@pytest.fixture
def regrade(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> Regrade:
    """Grade the class as it is now, with the options given; no program is run."""

    @contextmanager
    def start(course: Course, jobs: int, wanted: Isolation | None) -> Iterator[NoPrograms]:
        yield NoPrograms(course, wanted or Isolation.FULL)

    monkeypatch.setattr("grader.grading.grade_class.start_graders", start)

    def grade_as_it_is(**options: Any) -> Graded:
        course, submissions, out = tree
        return grade_class(Course.load(course), submissions, out, Options(**options))

    return grade_as_it_is


def outcome(out: Path) -> tuple[str, bytes]:
    """Everything that a run wrote, but for the time at which it did."""
    text = (out / "results.json").read_text()
    text, times = re.subn(r'"graded_at": "[^"]+"', "", text)
    assert times == 1
    return text, (out / "grades.csv").read_bytes()


def fingerprints(out: Path) -> dict[tuple[str, str], bytes]:
    with open_store(out) as store:
        rows = store._connection.execute("SELECT student, lesson, fingerprint FROM results")
        return {(student, lesson): fingerprint for student, lesson, fingerprint in rows}


def graded_again(out: Path, run: Callable[[], object]) -> set[tuple[str, str]]:
    """The lessons of whose results a run has replaced the fingerprint."""
    before = fingerprints(out)
    run()
    return {key for key, value in fingerprints(out).items() if before.get(key) != value}


@pytest.mark.slow
def test_what_is_kept_is_what_grading_anew_finds(tree: Tree, grade: Grade) -> None:
    grade(tree)
    first = outcome(tree[2])
    again = subprocess.check_output(command(tree), text=True)
    assert f"6 students unchanged, taken from {tree[2] / FILENAME}" in again
    assert outcome(tree[2]) == first
    (tree[1] / "eve" / "double.py").write_text("def double(x):\n    return 7\n")
    assert grade(tree).unchanged == 5
    changed_marks = outcome(tree[2])
    assert changed_marks != first
    assert grade(tree, fresh=True).unchanged == 0
    assert outcome(tree[2]) == changed_marks


def test_only_what_depends_on_an_edit_is_graded_again(tree: Tree, regrade: Regrade) -> None:
    course, submissions, out = tree
    regrade()

    def changed() -> set[tuple[str, str]]:
        return graded_again(out, regrade)

    everyone = set(STUDENTS)
    with (course / "tests/lessons/hidden/test_triple.py").open("a") as file:
        file.write("# edited\n")
    assert changed() == {(name, "triple") for name in everyone}
    (submissions / "ben" / "triple.py").write_text("def triple(x):\n    return 2 * x\n")
    assert changed() == {("ben", "triple")}
    (course / "tests/lessons/misconceptions/double").mkdir(parents=True)
    (course / "tests/lessons/misconceptions/double/numbers.txt").write_text("1 2 3")
    assert changed() == {(name, "double") for name in everyone}
    with (course / "solutions/double.py").open("a") as file:
        file.write("# edited\n")
    assert changed() == {(name, "double") for name in everyone}
    with (course / "solutions/triple.py").open("a") as file:
        file.write("import double\n")
    assert changed() == {(name, "triple") for name in everyone}
    with (course / "solutions/double.py").open("a") as file:
        file.write("# edited\n")
    assert changed() == {(name, lesson) for name in everyone for lesson in ("double", "triple")}
    (course / "tests/lessons/numbers.txt").write_text("1 2 3")  # any check may read it
    assert changed() == {(name, lesson) for name in everyone for lesson in ("double", "triple")}
    assert changed() == set()


def test_a_students_edit_costs_the_lessons_that_import_it(tree: Tree, regrade: Regrade) -> None:
    _, submissions, out = tree
    (submissions / "ben" / "triple.py").write_text("from double import double as triple\n")
    regrade()
    for name in ("ben", "cleo"):
        (submissions / name / "double.py").write_text("def double(x):\n    return 2 * x\n")
    assert graded_again(out, regrade) == {
        ("ben", "double"), ("ben", "triple"), ("cleo", "double"),
    }  # fmt: skip


_DIGEST = """
import sys
from pathlib import Path
from grader.course import Course
from grader.grading.lesson_fingerprints import LessonFingerprints
from grader.submissions.submission import Source, Submission

source = Source("double.py", ("def double(x): return 2 * x",), notebook=False)
fingerprints = LessonFingerprints(Course.load(Path(sys.argv[1])))
print(fingerprints.compute(Submission("ada", {"double": source}))["double"].digest.hex())
"""


@pytest.mark.slow
def test_an_edit_of_the_grader_counts_where_it_can_change_a_verdict(
    tree: Tree, tmp_path: Path
) -> None:
    engine = tmp_path / "engine" / "grader"
    shutil.copytree(Path(grader.__file__).parent, engine)

    def digest() -> str:
        command = [sys.executable, "-c", _DIGEST, str(tree[0])]  # looks first where it is run
        return subprocess.check_output(command, cwd=engine.parent, text=True)

    before = digest()
    for module in ("diagnosis", "sandbox/inside/worker", "reports/lesson_text", "cli/instructor"):
        with (engine / f"{module}.py").open("a") as file:
            file.write("# edited\n")
        after = digest()
        assert (after == before) == module.startswith(("reports", "cli")), module
        before = after


KEPT = "this was not graded again"


def tell_apart(out: Path) -> None:
    """Write into each kept result of the second lesson what no grading would."""
    with open_store(out) as store, store.together():
        for name in STUDENTS:
            kept = store.results(name)["triple"]
            store.keep(name, replace(kept, result=replace(kept.result, message=KEPT)))


@pytest.mark.slow
def test_a_later_lesson_is_graded_again_only_if_an_earlier_one_turned_right_or_wrong(
    tree: Tree, grade: Grade
) -> None:
    course, submissions, out = tree
    for name in STUDENTS:
        (submissions / name / "triple.py").write_text("from double import double as triple\n")
    (submissions / "ada" / "double.py").write_text(
        "def double(x):\n    return 2 * x if x != 5 else 7\n"
    )
    grade(tree)
    tell_apart(out)
    checks = course / "tests/lessons/hidden/test_double.py"
    with checks.open("a") as file:
        file.write("# edited\n")
    assert graded_again(out, lambda: grade(tree)) == {(name, "double") for name in STUDENTS}
    assert {name: triple(out, name)["message"] for name in STUDENTS} == dict.fromkeys(
        STUDENTS, KEPT
    )
    checks.write_text(checks.read_text().replace("(0) == 0", "(5) == 10"))  # ada's turns wrong
    grade(tree)
    assert triple(out, "ada")["message"] is None
    assert triple(out, "ada")["checks"][0]["follow_through"] is False
    assert {triple(out, name)["message"] for name in STUDENTS[1:]} == {KEPT}


def triple(out: Path, student: str) -> dict[str, Any]:
    results = json.loads((out / "results.json").read_text())
    lessons = {it["student"]: it["lessons"] for it in results["students"]}
    found: dict[str, Any] = lessons[student][1]
    return found


def test_grades_of_another_level_are_graded_again_when_a_level_is_asked_for(
    regrade: Regrade,
) -> None:
    def level(wanted: Isolation | None = None) -> tuple[str, bool]:
        """The level of a run's grades, and whether they were taken from the store."""
        graded = regrade(isolation=wanted)
        assert (graded.choice is None) == (graded.unchanged == len(STUDENTS))
        return graded.report.isolation, graded.choice is None

    assert level(Isolation.FILTERED) == ("filtered", False)
    # As on a machine that holds no more than that: what is there is good enough.
    assert level() == ("filtered", True)
    assert level(Isolation.FULL) == ("full", False)
    assert level(Isolation.PROCESS) == ("process", False)
    assert level(Isolation.PROCESS) == ("process", True)
    assert level() == ("full", False)  # nobody asked for `process` this time


def test_a_report_names_the_weakest_level_of_its_grades(tree: Tree, regrade: Regrade) -> None:
    assert regrade(isolation=Isolation.FILTERED).report.isolation == "filtered"
    (tree[1] / "eve" / "double.py").write_text("def double(x):\n    return 7\n")
    graded = regrade()
    assert (graded.unchanged, graded.report.isolation) == (5, "filtered")


def files_in(out: Path) -> dict[str, tuple[int, bytes]]:
    """Everything that a run wrote for people and programs: which file it is, and what it holds."""
    paths = [path for path in out.rglob("*") if path.is_file() and path.suffix != ".sqlite3"]
    return {str(path.relative_to(out)): (path.stat().st_ino, path.read_bytes()) for path in paths}


def test_a_run_that_changes_nothing_leaves_every_file_as_it_was(
    tree: Tree, regrade: Regrade
) -> None:
    regrade()
    first = files_in(tree[2])
    assert len(first) == 3 + len(STUDENTS)
    regrade()
    assert files_in(tree[2]) == first


def damage(path: Path, how: str) -> None:
    if how == "deleted":
        path.unlink()
    elif how == "cut":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    else:
        path.write_bytes(path.read_bytes().replace(b"1", b"2", 1)[:-1] + b"#")


@pytest.mark.parametrize("how", ["deleted", "cut", "changed"])
def test_what_was_damaged_by_hand_is_written_anew(tree: Tree, regrade: Regrade, how: str) -> None:
    regrade()
    whole = {name: text for name, (_, text) in files_in(tree[2]).items()}
    damaged = ("results.json", "grades.csv", "report.html", "feedback/ben.html")
    for name in damaged:
        damage(tree[2] / name, how)
    assert regrade().unchanged == 6
    again = {name: text for name, (_, text) in files_in(tree[2]).items()}
    assert again.keys() == whole.keys()
    for name in damaged:
        assert undated(again[name]) == undated(whole[name]), name


def undated(text: bytes) -> bytes:
    """Without times, and without the hashes of what holds them."""
    text = re.sub(rb"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d", b"", text)
    return re.sub(rb"<!-- grader: [0-9a-f ]+ -->", b"", text)


def test_who_is_no_longer_handed_in_is_not_in_the_report(tree: Tree, regrade: Regrade) -> None:
    regrade()
    (tree[1] / "ada").rename(tree[1].parent / "gone")
    regrade()
    students = json.loads((tree[2] / "results.json").read_text())["students"]
    assert [student["student"] for student in students] == list(STUDENTS[1:])


def test_a_second_grader_on_the_same_output_stops(tree: Tree, regrade: Regrade) -> None:
    regrade()
    with (
        open_store(tree[2]),
        pytest.raises(GraderError, match="another grader is at work in the same output folder"),
    ):
        regrade()


def test_an_output_folder_among_the_submissions_is_refused(tree: Tree) -> None:
    course, submissions, _ = tree
    with pytest.raises(GraderError, match="lies within the submissions"):
        grade_class(Course.load(course), submissions, submissions / "out", Options())
    assert not (submissions / "out").exists()


def kill_one(process: subprocess.Popen[bytes], mark: str, kind: str, chance: random.Random) -> str:
    """kill -9 the grader, or one of those that it started; tell which."""
    helpers = set(find_processes(mark)) - {process.pid}
    kinds = {"grader": {process.pid}, "helper": helpers, "sandbox": find_zygotes(mark)}
    victim = chance.choice(sorted(kinds[kind] or {process.pid}))
    try:
        os.kill(victim, signal.SIGKILL)
    except ProcessLookupError:  # it had just ended by itself
        return "none"
    return kind if kinds[kind] else "grader"


@contextmanager
def started(tree: Tree, mark: str) -> Iterator[subprocess.Popen[bytes]]:
    """The command, whose processes can be found by a mark."""
    process = subprocess.Popen(
        command(tree),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, "GRADER_TEST": mark},
    )
    try:
        yield process
    finally:
        process.kill()


def wait_for_sandbox(process: subprocess.Popen[bytes], mark: str) -> None:
    """Wait until a process of the command can begin to grade."""
    while not find_zygotes(mark) and process.poll() is None:
        time.sleep(0.1)


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_kills_at_random_moments_lose_nothing(tree: Tree, grade: Grade) -> None:
    """Most kills wait until students are graded: before that, processes only start."""
    course, submissions, out = tree
    for path in submissions.rglob("triple.py"):  # grading shall take some time
        sleeps = path.read_text().replace("return", "import time; time.sleep(0.05); return")
        path.write_text(sleeps)
    start = time.monotonic()
    with started(tree, out.parent.name) as process:
        wait_for_sandbox(process, out.parent.name)
        begins = time.monotonic() - start
        process.communicate()
    takes = time.monotonic() - start
    undisturbed = outcome(out)
    chance = random.Random(20_261_121)
    killed: Counter[str] = Counter()
    for number, (wanted, while_graded) in enumerate(islice(cycle(VICTIMS), KILLS)):
        place = (course, submissions, out.with_name(f"out{number}"))
        mark = f"{out.parent.name}-{number}"
        with started(place, mark) as process:
            if while_graded:
                wait_for_sandbox(process, mark)
            time.sleep(chance.uniform(0, takes - begins if while_graded else takes))
            kind = kill_one(process, mark, wanted, chance)
            complaints = process.communicate(timeout=120)[1].decode()
        killed[kind] += 1
        assert "Traceback" not in complaints, complaints
        if kind != "grader" or process.returncode != -signal.SIGKILL:
            assert process.returncode == 0, complaints  # it went on without the one that was lost
            assert outcome(place[2]) == undisturbed, f"kill {number}"
        grade(place)
        assert outcome(place[2]) == undisturbed, f"kill {number}"
    assert killed["grader"] > KILLS / 5
    assert killed["helper"] + killed["sandbox"] > 0
