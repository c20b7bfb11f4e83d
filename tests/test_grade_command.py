"""`grader grade`, run as people run it: on the sample class, and on tiny courses."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from click.testing import CliRunner

from grader.cli import main
from grader.store import FILENAME

if TYPE_CHECKING:
    from conftest import CourseWriter

REPOSITORY = Path(__file__).resolve().parents[1]
CLASS = REPOSITORY / "tests" / "sample_class"
LESSONS = [
    entry["id"] for entry in yaml.safe_load((REPOSITORY / "course.yaml").read_text())["lessons"]
]
WRITTEN = {"in-your-own-words", "analogy"}

#: A number: the lesson was graded, and earned that. A word: its status, and no points.
MARKS = """
student  dot_product  softmax     attention_matrix  qkv         self_attention  concepts  total  who it is
ada      10           10          10                10          10              6         56     all right
ben      10           3           7                 10          6               5         41     softmax down the columns, no scaling
chloe    10           10          7                 10          0               missing   37     divides by d, returns the pair the wrong way round
dev      10           7           10                9           10              missing   46     softmax overflows, integer buffers
emmy     10           10          10                10          10              6         56     all right, in her own way
finn     8            10          6                 0           2               missing   26     weights transposed, only one norm
grace    10           10          10                10          10              6         56     all right, with loops and lists
hana     10           10          10                10          10              6         56     notebooks, with magics and cells that fail
ivan     9            10          10                10          6               missing   45     a zip; scales by √d_v, cosine of zeros is nan
jonas    10           8           missing           missing     missing         missing   18     two lessons only; softmax overflows
kim      0            0           0                 0           0               0         0      the stubs, untouched
liam     10           unreadable  10                10          10              missing   40     a syntax error, in a lesson that one other imports
marie    10           10          unreadable        10          10              missing   40     Latin-1 without saying so
noah     8            10          10                10          10              missing   48     a loop without end in one function
olga     10           10          8                 10          10              missing   48     os._exit(0) in one function
pavel    10           10          10                6           10              missing   46     a table of 8 TB in one function
quinn    2            0           2                 0           4               0         8      replaces numpy's and Python's comparisons
rosa     0            0           0                 0           0               missing   0      looks everywhere for the reference
sam      10           10          10                10          10              missing   50     all right, and prints far too much
tara     9            8           9                 5           0               5         36     rounds, writes into its input, swaps Q and K
uma      4            5           7                 10          missing         missing   26     softmax over everything; one file misnamed
"""  # noqa: E501 - a table

#: What stopped those who were stopped.
ENDINGS = {
    ("chloe", "self_attention"): {"failed": 2, "skipped": 8},
    ("kim", "softmax"): {"not_attempted": 10},
    ("kim", "self_attention"): {"not_attempted": 10},
    ("noah", "dot_product"): {"passed": 8, "timeout": 1, "skipped": 1},
    ("ada", "concepts"): {"passed": 10, "pending": 2},
    ("kim", "concepts"): {"not_attempted": 12},
    ("olga", "attention_matrix"): {"passed": 8, "crashed": 2},
    ("pavel", "qkv"): {"passed": 5, "out_of_memory": 2, "skipped": 2},
    ("quinn", "softmax"): {"failed": 1, "skipped": 9},
    ("quinn", "concepts"): {"failed": 12},
    ("sam", "softmax"): {"passed": 10},
}

KEYS_OF_A_CHECK = [
    "check", "title", "status", "score", "max_score", "message", "misconception", "hint",
    "follow_through",
]  # fmt: skip
STATUSES_OF_A_CHECK = {
    "passed", "failed", "not_attempted", "pending", "skipped", "timeout", "out_of_memory",
    "crashed", "grader_error",
}  # fmt: skip

RIGHT = "def double(x):\n    return 2 * x\n"
WRONG = "def double(x):\n    return 5\n"


def run(
    *arguments: str | Path, cwd: Path = REPOSITORY, timeout: float = 120
) -> subprocess.CompletedProcess[str]:
    """Run `python -m grader` in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "grader", *map(str, arguments)],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


@dataclass
class Graded:
    """One run of `grader grade`, and what it left behind."""

    process: subprocess.CompletedProcess[str]
    out: Path

    @property
    def results(self) -> dict[str, Any]:
        results: dict[str, Any] = json.loads((self.out / "results.json").read_text("utf-8"))
        return results

    @property
    def rows(self) -> list[dict[str, str]]:
        with (self.out / "grades.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def student(self, name: str) -> dict[str, Any]:
        (student,) = (it for it in self.results["students"] if it["student"] == name)
        return dict(student)

    def lesson(self, student: str, lesson: str) -> dict[str, Any]:
        (found,) = (it for it in self.student(student)["lessons"] if it["lesson"] == lesson)
        return dict(found)

    def statuses(self, student: str, lesson: str) -> list[str]:
        return [check["status"] for check in self.lesson(student, lesson)["checks"]]


def grade(submissions: Path, out: Path, *options: str, course: Path = REPOSITORY) -> Graded:
    return Graded(run("--course", course, "grade", submissions, "--out", out, *options), out)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """The sample class, graded once as `make demo` does; every test that asks for it is slow."""
    out = tmp_path_factory.mktemp("grades")
    return Graded(run("grade", CLASS, "--out", out, "--jobs", "2"), out)


@pytest.fixture
def double_course(tiny_course: CourseWriter) -> Path:
    """A course of one made-up lesson, worth the four points that its checks add up to."""
    return tiny_course(lessons=[{"id": "double", "points": 4}], packages=["numpy"])


def hand_in(folder: Path, lessons: Mapping[str, str]) -> Path:
    """Write submissions, by path: ``{"ada/double.py": "def …"}``."""
    for name, text in lessons.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def texts(value: object, but: str | None = None) -> Iterator[str]:
    """All text in a JSON document, but for what has that key."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from texts(part, but) if key != but else ()
    elif isinstance(value, list):
        for part in value:
            yield from texts(part, but)


# The sample class: marks


@pytest.mark.slow
def test_every_student_of_the_sample_class_gets_exactly_these_marks(sample: Graded) -> None:
    assert sample.process.returncode == 0, sample.process.stderr
    header, *rows = (re.split(r"\s{2,}", line) for line in MARKS.strip().splitlines())
    assert header[1:-2] == LESSONS
    expected = {
        student: [("graded", float(cell)) if cell.isdigit() else (cell, 0.0) for cell in cells]
        for student, *cells, _, _ in rows
    }
    totals = {student: float(total) for student, *_, total, _ in rows}
    students = sample.results["students"]
    found = {
        it["student"]: [(lesson["status"], lesson["score"]) for lesson in it["lessons"]]
        for it in students
    }
    assert found == expected
    assert {it["student"]: it["score"] for it in students} == totals


@pytest.mark.slow
@pytest.mark.parametrize(("student", "lesson"), ENDINGS)
def test_what_stops_a_student_is_named(sample: Graded, student: str, lesson: str) -> None:
    assert Counter(sample.statuses(student, lesson)) == ENDINGS[student, lesson]


#: Lessons in which a known mistake is named; in all others none is.
NAMES = {
    ("ben", "softmax"): {"wrong-axis"},
    ("ben", "attention_matrix"): {"missing-scale"},
    ("chloe", "attention_matrix"): {"scale-by-d"},
    ("dev", "softmax"): {"integer-buffer"},
    ("finn", "dot_product"): {"one-norm-only"},
    ("finn", "attention_matrix"): {"wrong-softmax-axis", "reads-column"},
    ("finn", "qkv"): {"transposed-weight", "transposed-scores"},
    ("finn", "self_attention"): {"transposed-weights"},
    ("ivan", "self_attention"): {"scale-by-sqrt-d-v"},
    ("jonas", "softmax"): {"unstable"},
    ("tara", "dot_product"): {"rounded"},
    ("tara", "softmax"): {"mutates-input"},
    ("tara", "attention_matrix"): {"hard-argmax"},
    ("tara", "qkv"): {"swapped-q-k"},
    ("tara", "self_attention"): {"keys-as-values"},
    ("uma", "dot_product"): {"unsigned-similarity"},
    ("uma", "softmax"): {"global-normalisation"},
    ("uma", "attention_matrix"): {"scale-by-sqrt-n"},
}


@pytest.mark.slow
def test_known_mistakes_are_named_and_no_others(sample: Graded) -> None:
    named: dict[tuple[str, str], set[str]] = {}
    for student in sample.results["students"]:
        for lesson in student["lessons"]:
            for check in lesson["checks"]:
                if check["misconception"]:
                    place = student["student"], lesson["lesson"]
                    named.setdefault(place, set()).add(check["misconception"])
    assert named == NAMES


@pytest.mark.slow
def test_the_class_shows_every_status_that_is_a_students_own(sample: Graded) -> None:
    lessons = [lesson for it in sample.results["students"] for lesson in it["lessons"]]
    checks = [check for lesson in lessons for check in lesson["checks"]]
    assert {lesson["status"] for lesson in lessons} == {"graded", "missing", "unreadable"}
    assert {check["status"] for check in checks} == STATUSES_OF_A_CHECK - {"grader_error"}


@pytest.mark.slow
def test_an_unreadable_lesson_says_why(sample: Graded) -> None:
    assert re.fullmatch(
        r"softmax\.py does not compile, in line 6 \(.*\): SyntaxError: .*never closed.*",
        sample.lesson("liam", "softmax")["message"],
    )
    reason = sample.lesson("marie", "attention_matrix")["message"]
    assert reason == (
        "attention_matrix.py is not valid UTF-8: line 6 holds the byte 0xE9; save it as UTF-8"
    )


@pytest.mark.slow
def test_a_lesson_that_imports_a_broken_one_is_not_called_broken_itself(sample: Graded) -> None:
    reason = sample.lesson("liam", "attention_matrix")["message"]
    assert "softmax.py" in reason
    assert "attention_matrix.py does not compile" not in reason


@pytest.mark.slow
def test_a_notebook_is_graded_although_a_cell_fails_and_the_student_is_told(
    sample: Graded,
) -> None:
    messages = {lesson["lesson"]: lesson["message"] for lesson in sample.student("hana")["lessons"]}
    failed = "a cell failed: ModuleNotFoundError: No module named 'matplotlib'"
    assert messages["softmax"] == failed
    assert "NameError" in messages["self_attention"]
    assert messages["dot_product"] is messages["attention_matrix"] is None


@pytest.mark.slow
def test_a_notebook_is_not_said_to_fail_where_jupyter_would_not(sample: Graded) -> None:
    # `files = !ls` gives a list in Jupyter, and the cell goes on with its length.
    assert sample.lesson("hana", "qkv")["message"] is None


# The sample class: what is written


@pytest.mark.slow
def test_results_json_has_the_contracts_form(sample: Graded) -> None:
    results = sample.results
    assert list(results) == ["format_version", "course", "graded_at", "isolation", "students"]
    assert results["format_version"] == 1
    assert results["course"] == "self-attention"
    assert results["isolation"] == "full"
    datetime.strptime(results["graded_at"], "%Y-%m-%dT%H:%M:%S%z")
    assert results["graded_at"].endswith("Z")
    names = [student["student"] for student in results["students"]]
    assert names == sorted(entry.name.removesuffix(".zip") for entry in CLASS.iterdir())
    for student in results["students"]:
        assert list(student) == ["student", "score", "max_score", "lessons"]
        assert [lesson["lesson"] for lesson in student["lessons"]] == LESSONS
        for lesson in student["lessons"]:
            keys = ["lesson", "status", "score", "max_score", "message", "checks"]
            assert list(lesson) == keys + ["excerpt"] * ("excerpt" in lesson)
            assert lesson["status"] in {"graded", "missing", "unreadable"}
            assert isinstance(lesson["message"], str | None)
            assert bool(lesson["checks"]) == (lesson["status"] == "graded")
            assert bool(lesson["message"]) or lesson["status"] != "unreadable"
            for check in lesson["checks"]:
                assert_is_a_check(check)


def assert_is_a_check(check: dict[str, Any]) -> None:
    some = [key for key in ("answer", "effect", "picture", "excerpt") if key in check]
    assert list(check) == KEYS_OF_A_CHECK + some
    assert ("effect" in check) == (check["misconception"] is not None)
    assert check["check"].startswith("test_") or check["check"] in WRITTEN
    assert check["title"]
    assert check["status"] in STATUSES_OF_A_CHECK
    assert type(check["score"]) is type(check["max_score"]) is float
    assert isinstance(check["message"], str | None)
    silent = check["status"] == "passed" and not check["follow_through"]
    assert (check["message"] is None) == silent
    assert (check["misconception"] is None) == (check["hint"] is None)
    assert isinstance(check["misconception"], str | None)
    assert isinstance(check["hint"], str | None)
    assert type(check["follow_through"]) is bool


@pytest.mark.slow
def test_scores_add_up(sample: Graded) -> None:
    points = {entry["id"]: entry["points"] for entry in course_entries()}
    for student in sample.results["students"]:
        assert student["score"] == sum(lesson["score"] for lesson in student["lessons"])
        assert student["max_score"] == sum(lesson["max_score"] for lesson in student["lessons"])
        for lesson in student["lessons"]:
            assert lesson["max_score"] == points[lesson["lesson"]]
            checks = lesson["checks"]
            assert lesson["score"] == sum(check["score"] for check in checks)
            if checks:
                assert lesson["max_score"] == sum(check["max_score"] for check in checks)
            for check in checks:
                passed = check["status"] == "passed"
                assert check["score"] == (check["max_score"] if passed else 0.0)


def course_entries() -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = yaml.safe_load((REPOSITORY / "course.yaml").read_text())[
        "lessons"
    ]
    return entries


@pytest.mark.slow
def test_grades_csv_says_the_same_as_results_json(sample: Graded) -> None:
    assert [list(row) for row in sample.rows] == [
        ["student", *LESSONS, "total", "max_total"]
    ] * len(sample.rows)
    in_json = [
        [
            it["student"],
            *(lesson["score"] for lesson in it["lessons"]),
            it["score"],
            it["max_score"],
        ]
        for it in sample.results["students"]
    ]
    in_csv = [
        [row["student"], *(float(cell) for key, cell in row.items() if key != "student")]
        for row in sample.rows
    ]
    assert in_csv == in_json


@pytest.mark.slow
def test_the_table_on_the_terminal_shows_everyone_and_what_stopped_them(sample: Graded) -> None:
    shown = sample.process.stdout
    for student in sample.results["students"]:
        assert f"\n {student['student']} " in shown
    for word in ("missing", "untouched", "timeout 8", "crashed 8", "memory 6", "56 / 60"):
        assert word in shown
    assert "21 students, isolation `full`." in shown
    assert str(sample.out / "results.json") in shown.replace("\n", "")


@pytest.mark.slow
def test_away_from_a_terminal_nothing_but_text_is_printed(sample: Graded) -> None:
    printed = sample.process.stdout + sample.process.stderr
    assert printed.replace("\n", "").isprintable()


@pytest.mark.slow
def test_what_was_handed_in_under_a_wrong_name_is_noted(sample: Graded) -> None:
    assert sample.process.stderr.splitlines() == [
        "Note: uma: self_attention is missing; Self-Attention final.py is there, but "
        "only self_attention.py or self_attention.ipynb counts"
    ]


@pytest.mark.slow
def test_what_students_print_is_printed_nowhere(sample: Graded) -> None:
    everything = [sample.process.stdout, sample.process.stderr, *texts(sample.results)]
    assert not [text for text in everything if "DEBUG softmax" in text]


# The sample class: secrets


def secret_lines() -> Iterator[str]:
    """The lines of all answers and hidden checks that are long enough to be recognised."""
    for path in (REPOSITORY / "solutions").glob("*.py"):
        answers = re.findall(
            r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", path.read_text("utf-8"), re.DOTALL
        )
        yield from "".join(answers).splitlines()
    for path in (REPOSITORY / "tests" / "lessons" / "hidden").glob("*.py"):
        yield from path.read_text("utf-8").splitlines()


@pytest.mark.slow
def test_no_answer_and_no_line_of_a_hidden_check_gets_out(sample: Graded) -> None:
    secrets = {line.strip() for line in secret_lines() if len(line.strip()) >= 16}
    assert len(secrets) > 150
    published = [
        *texts(sample.results, but="excerpt"),
        sample.process.stdout,
        sample.process.stderr,
    ]
    for path in (sample.out / "grades.csv", *sample.out.rglob("*.html")):
        # Whoever is partly right wrote such a line, and is shown it.
        others = re.sub(
            r'<pre class="code">.*?</pre>', "", path.read_text("utf-8"), flags=re.DOTALL
        )
        published.append(unescape(others))
    leaked = {secret for secret in secrets for text in published if secret in text}
    assert not leaked


@pytest.mark.slow
def test_a_hidden_check_never_shows_the_value_that_it_expects(sample: Graded) -> None:
    hidden = {
        name
        for path in (REPOSITORY / "tests" / "lessons" / "hidden").glob("*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)
    }
    shown = {
        line.removeprefix("expected").strip()
        for student in sample.results["students"]
        for lesson in student["lessons"]
        for check in lesson["checks"]
        if check["check"] in hidden
        for line in (check["message"] or "").splitlines()
        if line.startswith("expected")
    }
    # A shape is no value: the docstrings tell it, too.
    shape = r"(a single number|shape \([\d, ]*\))"
    values = {
        text for text in shown if not re.fullmatch(rf"(\d parts: )?{shape}(, {shape})*", text)
    }
    assert values <= {"plain numbers, lists, tuples or numeric arrays"}


@pytest.mark.slow
def test_whoever_searches_for_the_answers_finds_none(sample: Graded) -> None:
    checks = [check for lesson in sample.student("rosa")["lessons"] for check in lesson["checks"]]
    assert {check["status"] for check in checks} == {"failed", "skipped"}
    got = {
        line.removeprefix("got").strip()
        for check in checks
        for line in check["message"].splitlines()
        if line.startswith("got")
    }
    assert got <= {"the number -2", "-2."}, "rosa hands in -2 when her search ends empty-handed"


def test_the_search_finds_the_answers_where_nothing_stops_it() -> None:
    # The control for the test above: a search that finds nothing anywhere would prove nothing.
    program = (
        "import runpy, sys; m = runpy.run_path(sys.argv[1]);"
        "print(m['dot_product']([1, 2, 3], [4, 5, 6]))"
    )
    found = subprocess.run(
        [sys.executable, "-c", program, CLASS / "rosa" / "dot_product.py"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert found.stdout == "32.0\n"


# One failure costs only itself


@pytest.mark.slow
def test_one_job_and_two_give_the_same_results(sample: Graded, tmp_path: Path) -> None:
    alone = grade(CLASS, tmp_path / "out", "--jobs", "1")
    assert alone.process.returncode == 0, alone.process.stderr
    assert alone.results | {"graded_at": ""} == sample.results | {"graded_at": ""}
    assert alone.rows == sample.rows


@pytest.mark.slow
def test_a_single_students_folder_is_graded_as_in_the_class(sample: Graded, tmp_path: Path) -> None:
    alone = grade(CLASS / "tara", tmp_path / "out")
    assert alone.process.returncode == 0, alone.process.stderr
    assert alone.results["students"] == [sample.student("tara")]


@pytest.mark.slow
def test_a_single_zip_is_graded_as_in_the_class(sample: Graded, tmp_path: Path) -> None:
    alone = grade(CLASS / "ivan.zip", tmp_path / "out")
    assert alone.process.returncode == 0, alone.process.stderr
    assert alone.results["students"] == [sample.student("ivan")]


@pytest.mark.slow
def test_a_hang_an_exit_a_memory_bomb_and_a_flood_cost_only_their_own_checks(
    tiny_course: CourseWriter, tmp_path: Path
) -> None:
    checks = """\
def test_before(student):
    \"\"\"Two and two.\"\"\"
    assert student.double(2) == 4


def test_trouble(student):
    \"\"\"Seven is where the trouble starts.\"\"\"
    assert student.double(7) == 14


def test_after(student):
    \"\"\"Zero.\"\"\"
    assert student.double(0) == 0
"""
    course = tiny_course(
        lessons=[{"id": "double", "points": 3}, {"id": "twice", "points": 4}],
        visible={"double": None},
        hidden={"double": checks},
        packages=["numpy"],
        limits={"cpu_seconds_per_call": 0.4, "memory_mib": 256},
    )
    body = "def double(x):\n    if x == 7:\n        {}\n    return 2 * x\n"
    trouble = {
        "bob": ("while True: pass", "timeout"),
        "cyd": ("import os; os._exit(0)", "crashed"),
        "dan": ("import sys; sys.exit(0)", "failed"),
        "eve": ("return bytearray(2**40)", "out_of_memory"),
        "fay": ("while True: print('x' * 9999)", "timeout"),
        "gus": ("import ctypes; ctypes.string_at(0)", "crashed"),
        "hal": ("return double(x)", "failed"),
    }
    lessons = {f"{name}/double.py": body.format(line) for name, (line, _) in trouble.items()}
    lessons |= {f"{name}/double.py": body.format("pass") for name in ("ann", "cat", "zoe")}
    lessons |= {f"{name}/twice.py": RIGHT.replace("double", "twice") for name in (*trouble, "ann")}
    graded = grade(hand_in(tmp_path / "class", lessons), tmp_path / "out", course=course)
    assert graded.process.returncode == 0, graded.process.stderr
    for name, (_, status) in trouble.items():
        assert graded.statuses(name, "double") == ["passed", status, "passed"], name
        assert graded.lesson(name, "twice")["score"] == 4.0, name
    honest = [graded.lesson(name, "double") for name in ("ann", "cat", "zoe")]
    assert honest[0] == honest[1] == honest[2]
    assert honest[0]["score"] == 3.0


@pytest.mark.slow
def test_a_lesson_that_ends_or_hangs_while_it_is_imported_is_unreadable(
    double_course: Path, tmp_path: Path
) -> None:
    lessons = {
        "a/double.py": "import os\nos._exit(0)\n" + RIGHT,
        "b/double.py": "import sys\nsys.exit(0)\n" + RIGHT,
        "c/double.py": "while True: pass\n" + RIGHT,
        "d/double.py": "x = bytearray(2**40)\n" + RIGHT,
        "e/double.py": "1 / 0\n" + RIGHT,
        "f/double.py": RIGHT,
    }
    graded = grade(hand_in(tmp_path / "class", lessons), tmp_path / "out", course=double_course)
    assert graded.process.returncode == 0, graded.process.stderr
    found = {name: graded.lesson(name, "double") for name in "abcdef"}
    assert [lesson["status"] for lesson in found.values()] == ["unreadable"] * 5 + ["graded"]
    assert all(found[name]["message"].startswith("double.py ") for name in "abcde")
    assert "in line 1 (`1 / 0`)" in found["e"]["message"]
    assert found["f"]["score"] == 4.0


# The exercises as they are handed out


def test_the_exercises_untouched_are_not_started_and_never_failed(tmp_path: Path) -> None:
    shutil.copytree(REPOSITORY / "exercises", tmp_path / "kim")
    graded = grade(tmp_path / "kim", tmp_path / "out")
    assert graded.process.returncode == 0, graded.process.stderr
    for lesson in LESSONS:
        assert set(graded.statuses("kim", lesson)) == {"not_attempted"}, lesson
    assert graded.student("kim")["score"] == 0.0


# Other courses


def test_another_course_is_graded_with_the_same_command(
    double_course: Path, tmp_path: Path
) -> None:
    folder = hand_in(tmp_path / "class", {"ann/double.py": RIGHT, "bob/double.py": WRONG})
    graded = grade(folder, tmp_path / "out", course=double_course)
    assert graded.process.returncode == 0, graded.process.stderr
    assert graded.results["course"] == "tiny"
    assert [list(row.values()) for row in graded.rows] == [
        ["ann", "4", "4", "4"],
        ["bob", "0", "0", "4"],
    ]


def test_a_course_need_not_name_packages(tiny_course: CourseWriter, tmp_path: Path) -> None:
    course = tiny_course(lessons=[{"id": "double", "points": 4}])
    folder = hand_in(tmp_path / "class", {"ann/double.py": RIGHT})
    graded = grade(folder, tmp_path / "out", course=course)
    assert graded.process.returncode == 0, graded.process.stderr
    assert graded.student("ann")["score"] == 4.0


def test_the_course_is_the_nearest_folder_upwards(double_course: Path, tmp_path: Path) -> None:
    folder = hand_in(double_course / "handed" / "in", {"ann/double.py": RIGHT})
    process = run("grade", ".", "--out", tmp_path / "out", cwd=folder)
    assert process.returncode == 0, process.stderr
    assert Graded(process, tmp_path / "out").results["course"] == "tiny"


def test_the_engine_names_no_lesson_of_this_course() -> None:
    named = {
        f"{path.relative_to(REPOSITORY)}:{number}": line.strip()
        for path in sorted((REPOSITORY / "grader").rglob("*.py"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if set(LESSONS).intersection(re.findall(r"\w+", line))
    }
    assert not named


# Checks that are broken


def test_a_broken_check_costs_nobody_a_point_and_fails_the_run(
    tiny_course: CourseWriter, tmp_path: Path
) -> None:
    checks = """\
def test_sound(student):
    \"\"\"A sound check.\"\"\"
    assert student.double(2) == 4


def test_wrong(student):
    \"\"\"A check that expects the wrong thing.\"\"\"
    assert student.double(2) == 4711


def test_crash(student):
    \"\"\"A check with a mistake in it.\"\"\"
    assert student.double(2) == undefined


def test_fixture(student, no_such_fixture):
    \"\"\"A check that asks for a fixture that is not there.\"\"\"


import pytest  # noqa: E402


@pytest.mark.builds_on("test_wrong")
def test_later(student):
    \"\"\"A sound check that builds on a broken one.\"\"\"
    assert student.double(3) == 6
"""
    course = tiny_course(
        lessons=[{"id": "double", "points": 5}],
        visible={"double": None},
        hidden={"double": checks},
        packages=["numpy"],
    )
    folder = hand_in(tmp_path / "class", {"ann/double.py": RIGHT, "bob/double.py": WRONG})
    graded = grade(folder, tmp_path / "out", course=course)
    ours = ["grader_error"] * 3
    assert graded.statuses("ann", "double") == ["passed", *ours, "passed"]
    assert graded.statuses("bob", "double") == ["failed", *ours, "failed"]
    assert [row["total"] for row in graded.rows] == ["5", "3"]
    assert graded.process.returncode == 1
    assert "3 of our checks broke; no student lost a point for it." in graded.process.stderr
    for name in ("test_wrong", "test_crash", "test_fixture"):
        assert f"double: {name}: " in graded.process.stderr
    assert "4711" not in graded.process.stderr + "".join(texts(graded.results))


def test_a_check_that_sends_what_cannot_be_sent_is_broken_and_the_class_is_graded(
    tiny_course: CourseWriter, tmp_path: Path
) -> None:
    checks = """\
def test_sound(student):
    \"\"\"A sound check.\"\"\"
    assert student.double(2) == 4


def test_unsendable(student):
    \"\"\"A check that hands over something that is no plain value.\"\"\"
    assert student.double(object()) == 4
"""
    course = tiny_course(
        lessons=[{"id": "double", "points": 2}],
        visible={"double": None},
        hidden={"double": checks},
        packages=["numpy"],
    )
    folder = hand_in(tmp_path / "class", {"ann/double.py": RIGHT, "bob/double.py": WRONG})
    graded = grade(folder, tmp_path / "out", course=course)
    assert graded.process.returncode == 1
    assert graded.statuses("ann", "double") == ["passed", "grader_error"]
    assert graded.statuses("bob", "double") == ["failed", "grader_error"]


def test_a_wrong_answer_in_a_shared_fixture_is_the_students_and_no_broken_check(
    tiny_course: CourseWriter, tmp_path: Path
) -> None:
    checks = """\
import pytest


@pytest.fixture(scope="module")
def four(student):
    return student.double(2)


def test_value(four):
    \"\"\"double(2) is 4.\"\"\"
    assert four == 4, "twice two"


def test_sign(four):
    \"\"\"double(2) is even.\"\"\"
    assert four % 2 == 0, "even"
"""
    course = tiny_course(
        lessons=[{"id": "double", "points": 2}],
        visible={"double": None},
        hidden={"double": checks},
        packages=["numpy"],
    )
    folder = hand_in(tmp_path / "class", {"ann/double.py": RIGHT, "bob/double.py": WRONG})
    graded = grade(folder, tmp_path / "out", course=course)
    assert graded.statuses("bob", "double") == ["failed", "failed"]
    assert graded.statuses("ann", "double") == ["passed", "passed"]
    assert graded.process.returncode == 0, graded.process.stderr
    assert all(check["message"] for check in graded.lesson("bob", "double")["checks"])


@pytest.mark.parametrize(
    ("checks", "reason"),
    [
        ("import no_such_module\n", "test_double.py:1: the checks cannot be collected: "),
        ("def test_a(student:\n", "test_double.py:1: the checks cannot be collected: "),
        ('def test_a(student):\n    """A."""\n', "but its checks add up to 2"),
        ("def test_a(student):\n    pass\n", "test_a: needs a docstring"),
    ],
    ids=["import", "syntax", "points", "docstring"],
)
def test_checks_that_cannot_be_collected_fail_the_run_with_the_reason(
    tiny_course: CourseWriter, tmp_path: Path, checks: str, reason: str
) -> None:
    course = tiny_course(
        lessons=[{"id": "double", "points": 4}], hidden={"double": checks}, packages=["numpy"]
    )
    folder = hand_in(tmp_path / "class", {"ann/double.py": RIGHT})
    graded = grade(folder, tmp_path / "out", course=course)
    assert graded.process.returncode == 1
    assert graded.process.stderr.startswith("Error: ")
    assert reason in graded.process.stderr
    assert "Traceback" not in graded.process.stderr
    assert not (tmp_path / "out" / "results.json").exists()


# Names


def test_a_name_that_is_a_formula_is_harmless_in_the_grades(
    double_course: Path, tmp_path: Path
) -> None:
    names = ["=1+1", "+cmd|' C calc'!A0", "-2", "@SUM(A1)", "\t=3", 'a"b, c', "[bold]x"]
    folder = hand_in(tmp_path / "class", {f"{name}/double.py": RIGHT for name in names})
    graded = grade(folder, tmp_path / "out", course=double_course)
    assert graded.process.returncode == 0, graded.process.stderr
    assert [it["student"] for it in graded.results["students"]] == sorted(names)
    cells = [row["student"] for row in graded.rows]
    assert sorted(cell.removeprefix("'") for cell in cells) == sorted(names)
    assert not [cell for cell in cells if cell.lstrip()[0] in "=+-@"]
    assert "[bold]x" in graded.process.stdout
    assert "\t" not in graded.process.stdout


def test_what_is_ignored_is_noted(double_course: Path, tmp_path: Path) -> None:
    folder = hand_in(tmp_path / "class", {"ann/double.py": RIGHT, "README.txt": "For the tutor."})
    graded = grade(folder, tmp_path / "out", course=double_course)
    assert graded.process.returncode == 0
    assert graded.process.stderr == (
        "Note: ignored, being neither a folder nor a .zip: README.txt\n"
    )


# Wrong usage, and runs that cannot be


@pytest.mark.parametrize(
    "arguments",
    [
        ["grade", "."],
        ["grade", "--out", "out"],
        ["grade", "no such folder", "--out", "out"],
        ["grade", ".", "--out", "out", "--no-such-option"],
        ["grade", ".", "--out", "out", "--jobs", "0"],
        ["grade", ".", "--out", "out", "--jobs", "many"],
        ["grade", ".", "--out", "out", "--isolation", "none"],
        ["grade", ".", ".", "--out", "out"],
        ["--course", "no such folder", "grade", ".", "--out", "out"],
        ["graed", ".", "--out", "out"],
    ],
    ids=" ".join,
)
def test_wrong_usage_exits_with_2_and_writes_nothing(
    arguments: list[str], double_course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(double_course)
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert "Usage: " in result.stderr
    assert not (double_course / "out").exists()


def one_student(tmp_path: Path) -> Path:
    return hand_in(tmp_path / "class", {"ann/double.py": RIGHT})


def test_without_a_course_it_cannot_run(tmp_path: Path) -> None:
    process = run("grade", one_student(tmp_path), "--out", tmp_path / "out", cwd=tmp_path)
    assert process.returncode == 1
    assert "course.yaml" in process.stderr
    assert "Traceback" not in process.stderr


def test_with_an_empty_folder_it_cannot_run(double_course: Path, tmp_path: Path) -> None:
    (tmp_path / "class").mkdir()
    graded = grade(tmp_path / "class", tmp_path / "out", course=double_course)
    assert graded.process.returncode == 1
    assert "holds no submissions" in graded.process.stderr


def test_where_a_file_is_in_the_output_folders_place_it_cannot_run(
    double_course: Path, tmp_path: Path
) -> None:
    (tmp_path / "out").write_text("mine")
    graded = grade(one_student(tmp_path), tmp_path / "out", course=double_course)
    assert graded.process.returncode == 1
    assert str(tmp_path / "out") in graded.process.stderr.replace("\n", "")
    assert (tmp_path / "out").read_text() == "mine"


def test_where_the_output_folder_cannot_be_made_it_cannot_run(
    double_course: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("mine")
    graded = grade(one_student(tmp_path), tmp_path / "file" / "out", course=double_course)
    assert graded.process.returncode == 1
    assert graded.process.stderr.startswith("Error: cannot write to the folder ")


def test_where_the_output_folder_cannot_be_written_it_cannot_run(
    double_course: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    (out / "results.json").mkdir(parents=True)  # stops root as well as anybody
    graded = grade(one_student(tmp_path), out, course=double_course)
    assert graded.process.returncode == 1
    assert graded.process.stderr.startswith("Error: cannot write ")
    left = {entry.name for entry in out.iterdir()}
    assert left == {"results.json", FILENAME}, "no half-written file stays"


def test_results_of_an_earlier_run_are_replaced(double_course: Path, tmp_path: Path) -> None:
    folder, out = one_student(tmp_path), tmp_path / "out"
    hand_in(out, {"results.json": "old", "grades.csv": "old", "notes.txt": "the tutor's own"})
    graded = grade(folder, out, course=double_course)
    assert graded.process.returncode == 0, graded.process.stderr
    assert [it["student"] for it in graded.results["students"]] == ["ann"]
    assert graded.rows[0]["total"] == "4"
    left = {entry.name for entry in out.iterdir()}
    ours = {"results.json", "grades.csv", "report.html", "feedback", FILENAME}
    assert left == {*ours, "notes.txt"}
