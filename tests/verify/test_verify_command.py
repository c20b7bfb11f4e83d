"""`grader verify` on a tiny course: a right one, and one with a single mistake in it."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
import yaml
from click.testing import CliRunner, Result
from grading_here import start_graders_here
from one_lesson_class import Sandboxes

from grader.authoring.build import build
from grader.cli import main
from grader.course import Course
from grader.errors import CourseError
from grader.grading import grading_process
from grader.verify import verification, wrong_shapes
from grader.verify.equivalents import load_equivalents
from grader.verify.stray_files import stray_files
from grader.verify.verification import NO_LIBCST

if TYPE_CHECKING:
    from tiny_course import CourseWriter

LESSONS: Final = Path("tests", "lessons")
ACCEPTED: Final = LESSONS / "accepted" / "double"
WRONG: Final = LESSONS / "misconceptions" / "double"
CHECKS: Final = "tests/lessons/visible/test_double.py or tests/lessons/hidden/test_double.py"
PROBES: Final = LESSONS / "probes" / "double.py"
LIST: Final = LESSONS / "equivalents.yaml"
EQUIVALENT: Final = """\
- lesson: double
  function: double
  because: nothing is added either way
  changes:"""
HINTS: Final = {
    "double": ["What is twice 10?", "Look at your factor.", "Multiply by the same number."]
}
SQUARED: Final = '''\
"""a square, and a bit more

1. What is the double of 10?
2. Look at what you multiply `x` with.
3. Multiply `x` with a number that is always the same.
"""


def double(x):
    return x * x + 0.5 * (x < 2)
'''

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def graded_here(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    sandboxes: Sandboxes,
    asserts_as_written: None,
) -> None:
    """One sandbox for all, no further process, no huge values; but as ever with `processes`."""
    if "processes" not in request.fixturenames:
        small = {name: it for name, it in wrong_shapes.CHANGES.items() if "_000" not in it}
        assert len(small) == len(wrong_shapes.CHANGES) - 2
        monkeypatch.setattr(wrong_shapes, "CHANGES", small)  # test_wrong_shapes.py has all
        monkeypatch.setattr(grading_process, "sandbox_for", sandboxes)
        monkeypatch.setattr(verification, "start_graders", start_graders_here)


@pytest.fixture
def processes() -> None:
    """What a test asks for in which everything is as it is for people."""


@pytest.fixture
def course(tiny_course: CourseWriter) -> Path:
    """A course with which `grader verify` finds nothing wrong."""
    folder = tiny_course(lessons=[{"id": "double", "points": 4, "hints": HINTS}])
    for name, value in {
        "added": "x + x",
        "the_other_way": "x * 2",
        "halved": "x / 0.5",
        "subtracted": "x - -x",
        "summed": "sum([x, x])",
    }.items():
        write(folder / ACCEPTED / f"{name}.py", f"def double(x):\n    return {value}\n")
    write(folder / WRONG / "squared.py", SQUARED)
    replace(folder / "solutions/double.py", "def double(x):", "def double(x: float):")
    build(Course.load(folder))
    return folder


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def verify(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--course", str(folder), "verify", "--jobs", "1", *arguments])


def problems(folder: Path, *arguments: str) -> list[str]:
    """The problems that the command reports, a line each; it must exit with 1."""
    result = verify(folder, *arguments)
    assert result.exit_code == 1, result.output
    count, *lines = result.stderr.removeprefix("Error: ").splitlines()
    assert count.startswith(str(sum(not line.startswith("    ") for line in lines)))
    return lines


def test_a_course_that_is_all_right_is_proved(course: Path, processes: None) -> None:
    result = verify(course)
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    assert "The checks of A tiny course are proved." in result.stdout
    row = next(line for line in result.stdout.splitlines() if "double" in line).split()
    assert row == ["double", "ok", "3/3", "1/1", "1/1", "1/1", "5/5", "6/6", "0", "6/6"]


def test_an_exercise_out_of_step_is_reported(course: Path) -> None:
    replace(course / "solutions/double.py", "Twice x.", "Two times x.")
    assert problems(course) == [
        "exercises/double.py: is out of step with its solution; run `grader build` and commit it"
    ]


def test_a_check_that_the_stub_does_not_reach_is_reported(course: Path) -> None:
    hidden = course / LESSONS / "hidden/test_double.py"
    replace(
        hidden, "assert student.double(0) == 0", "assert student.__doc__ and student.double(0) == 0"
    )
    replace(
        hidden, "def test_zero", 'def test_nothing(student):\n    """Nothing."""\n\n\ndef test_zero'
    )
    replace(course / "course.yaml", "points: 4", "points: 5")
    assert problems(course) == [
        "exercises/double.py: `test_nothing` says passed where nothing was attempted; the first "
        "thing that a check calls must be a function to be written",
        f"{CHECKS}: `test_nothing` fails for no wrong answer; sharpen it, or delete it",
    ]


def test_a_solution_that_a_check_refuses_is_reported(course: Path) -> None:
    replace(course / LESSONS / "visible/test_double.py", "== 1", "== 2")
    assert problems(course) == [
        f"{CHECKS}: `test_halves_become_wholes`: this check is broken, which costs nobody a point: "
        "the reference does not pass it (AssertionError at visible/test_double.py:3)"
    ]


def test_a_solution_that_needs_what_the_sandbox_does_not_have_is_reported(course: Path) -> None:
    replace(
        course / "solutions/double.py",
        "    return 2 * x",
        "    open('/etc/passwd').close()\n    return 2 * x",
    )
    build(Course.load(course))
    told = problems(course)
    assert "`test_halves_become_wholes`: this check is broken" in told[0]
    assert "FileNotFoundError: [Errno 2] No such file or directory: '/etc/passwd'" in told[0]


def test_points_that_do_not_add_up_are_reported(course: Path) -> None:
    replace(course / "course.yaml", "points: 4", "points: 7")
    assert problems(course) == [
        "course.yaml: lesson `double` is worth 7 points, but its checks add up to 4"
    ]


def test_a_wrong_version_that_earns_every_point_is_reported(course: Path) -> None:
    wrong = SQUARED.replace("x * x + 0.5", "2 * x if x < 99 else 0")
    write(course / WRONG / "large-only.py", wrong)
    assert problems(course) == [
        "tests/lessons/misconceptions/double/large-only.py: is wrong and earns every point; "
        "write a check that notices"
    ]


def test_a_right_version_that_loses_points_is_reported(course: Path) -> None:
    write(course / ACCEPTED / "as_text.py", "def double(x):\n    return str(x + x)\n")
    told = problems(course)
    assert len(told) == 3
    where = "tests/lessons/accepted/double/as_text.py"
    for line in told:
        assert re.fullmatch(
            rf"{where}: is right, but `test_\w+` says failed \(.+\); mend the check", line
        )


def test_a_wrong_version_that_is_named_as_nothing_is_reported(course: Path) -> None:
    write(course / WRONG / "cubed.py", SQUARED.replace("x * x", "x * x * x"))
    write(course / PROBES, "def ordinary(student, rng):\n    student.double(1)\n")
    remedy = "add a call to tests/lessons/probes/double.py on which it stands out"
    assert problems(course) == [
        f"tests/lessons/misconceptions/double/cubed.py: is not recognised; {remedy}",
        f"tests/lessons/misconceptions/double/squared.py: is not recognised; {remedy}",
    ]


def test_a_wrong_version_without_hints_is_reported(course: Path) -> None:
    replace(course / WRONG / "squared.py", "3. Multiply", "Multiply")
    assert problems(course) == [
        "tests/lessons/misconceptions/double/squared.py: needs a docstring: a line that completes "
        "“looks like …”, and three steps of hints, `1.`, `2.` and `3.`"
    ]


def test_a_hint_that_gives_the_answer_away_is_reported(course: Path) -> None:
    replace(
        course / WRONG / "squared.py", "a number that is always the same", "2, as in `2*number`"
    )
    assert problems(course) == [
        "tests/lessons/misconceptions/double/squared.py: hint 3: gives `2 * x` away; "
        "leave the last step to the student"
    ]


def test_a_function_without_hints_and_hints_without_a_function_are_reported(course: Path) -> None:
    replace(course / "course.yaml", "    double:\n", "    duoble:\n")
    assert problems(course, "--strict") == [
        "course.yaml: double: hints for `duoble`, which is nothing that a student writes; did you "
        "mean `double`? Known names: double",
        "course.yaml: double: `double` has no hints; write three steps below `hints: double:`, "
        "from a question to almost the code",
    ]


def test_a_hint_of_the_lesson_that_gives_the_answer_away_is_reported(course: Path) -> None:
    replace(course / "course.yaml", "Multiply by the same number.", "It is `2 * n`.")
    assert problems(course) == [
        "course.yaml: double: hint 3 for `double`: gives `2 * x` away; leave the last step to the "
        "student"
    ]


def test_a_mistake_that_costs_points_in_a_later_lesson_is_reported(course: Path) -> None:
    names = ("again", "fourfold")
    entries = yaml.safe_load((course / "course.yaml").read_text("utf-8"))
    for name, answer in zip(names, ("double(x)", "double(double(x))"), strict=True):
        hints = {name: HINTS["double"]}
        entries["lessons"].append({"id": name, "title": name, "points": 2, "hints": hints})
        text = f"from double import double\n\n\ndef {name}(x):\n    ### BEGIN SOLUTION\n"
        write(course / f"solutions/{name}.py", f"{text}    return {answer}\n    ### END SOLUTION\n")
        factor = 2 * answer.count("double")
        check = "@pytest.mark.points(2)\ndef test_two(student):\n"
        check += f'    """2."""\n    assert student.{name}(1) == {factor}\n'
        write(course / LESSONS / f"hidden/test_{name}.py", f"import pytest\n\n\n{check}")
    write(course / "course.yaml", yaml.safe_dump(entries))
    build(Course.load(course))
    assert problems(course)[0] == (
        "tests/lessons/misconceptions/double/squared.py: costs points in again, too, where the "
        "solution fails `test_two`; check there what it does beyond handing on double"
    )


def test_a_wrong_choice_that_costs_more_than_half_is_reported(course: Path) -> None:
    replace(course / WRONG / "squared.py", "0.5 * (x < 2)", "0.5")
    told = (
        "tests/lessons/misconceptions/double/squared.py: costs 4 of the 4 points of `double`, more "
        "than half"
    )
    assert problems(course, "--strict") == [told]
    assert f"Advice\n  {told}\n" in verify(course).stdout


def test_a_wrong_step_that_earns_every_point_is_reported(course: Path) -> None:
    steps = (
        "from grader.testing import instead_of\n\n\ndef double(x):\n    return times_two(x)\n\n\n"
        "def times_two(x):\n    return 2 * x\n\n\n@instead_of(times_two)\ndef squared__small(x):\n"
        "    return 2 * x if x >= 0 else x * x\n"
    )
    write(course / LESSONS / "variants" / "double.py", steps)
    (told,) = problems(course)
    assert told.startswith(
        "tests/lessons/variants/double.py: squared__small: is wrong and earns every point; write a "
        "check that notices; see `double` with "
    )


def test_the_marks_of_wrong_choices_are_printed_as_a_page(course: Path) -> None:
    result = verify(course, "--marks")
    assert result.exit_code == 0, result.output
    assert "| `squared` | 2 | `double` 2 | `squared` |" in result.stdout


def test_too_few_unusual_versions_are_reported(course: Path) -> None:
    (course / ACCEPTED / "summed.py").unlink()
    (course / ACCEPTED / "added.py").unlink()
    told = (
        "tests/lessons/accepted/double: has 3 right but unusual versions of the lesson; "
        "write 2 more"
    )
    assert problems(course, "--strict") == [told]
    assert f"Advice\n  {told}\n" in verify(course).stdout


def test_a_course_without_hints_and_versions_is_proved_and_gets_advice(
    tiny_course: CourseWriter,
) -> None:
    folder = tiny_course(lessons=[{"id": "double", "points": 4}])
    build(Course.load(folder))
    result = verify(folder)
    assert (result.exit_code, result.stderr) == (0, "")
    advice, last = result.stdout.partition("Advice\n")[2].splitlines()[:-1], result.stdout
    assert [line.split(":")[0].strip() for line in advice] == [
        "course.yaml", "tests/lessons/accepted/double", "solutions/double.py",
    ]  # fmt: skip
    assert last.endswith("The checks of A tiny course are proved.\n")
    assert len(problems(folder, "--strict")) == 3


def test_a_version_that_replaces_nothing_is_reported(course: Path) -> None:
    replace(course / ACCEPTED / "added.py", "def double", "def duoble")
    assert problems(course) == [
        "tests/lessons/accepted/double/added.py: defines none of double, and so changes nothing; "
        "mend the name"
    ]


@pytest.mark.parametrize("place", [ACCEPTED / "added.py", WRONG / "squared.py"])
def test_a_version_that_does_not_compile_is_reported(course: Path, place: Path) -> None:
    write(course / place, "def double(x:\n")
    assert all(
        re.match(rf"{place}: (does not compile|cannot be graded:) ", it) for it in problems(course)
    )


def test_a_mutant_that_no_check_notices_is_reported_with_its_line_and_change(course: Path) -> None:
    replace(
        course / LESSONS / "visible/test_double.py",
        "student.double(0.5) == 1",
        "student.double(0) < 1",
    )
    replace(
        course / LESSONS / "hidden/test_double.py",
        "student.double(2) == 4",
        "student.double(2) > 2",
    )
    assert problems(course) == [
        "solutions/double.py: no check notices these changes (1); sharpen one, or list the change "
        "in tests/lessons/equivalents.yaml and say why it is right:",
        "    line 8, double: return 2 * x → return 3 * x",
    ]


def test_a_listed_change_with_a_reason_is_no_survivor(course: Path) -> None:
    replace(course / "solutions/double.py", "return 2 * x", "return 2 * (x + 0)")
    build(Course.load(course))
    changes = ["2 * (x - 0)", "2 * x"]
    listed = "".join(f"\n    - return 2 * (x + 0) → return {change}" for change in changes)
    write(course / LIST, EQUIVALENT + listed)
    result = verify(course)
    assert result.exit_code == 0, result.output
    assert "9/9       2" in result.stdout


def test_a_listed_change_that_is_noticed_is_reported(course: Path) -> None:
    write(course / LIST, EQUIVALENT + "\n    - return 2 * x → return x")
    assert problems(course) == [
        "tests/lessons/equivalents.yaml: `test_halves_become_wholes` notices this change of "
        "`double`; take it out of the list:",
        "    return 2 * x → return x",
        "tests/lessons/equivalents.yaml: this change of `double` is listed as right, and is not "
        "for `double` with floats; take it out of the list, and write a check:",
        "    return 2 * x → return x",
    ]


def test_a_listed_change_that_cannot_be_made_is_reported(course: Path) -> None:
    write(course / LIST, EQUIVALENT + "\n    - return 2 * x → return x + x")
    assert problems(course) == [
        "tests/lessons/equivalents.yaml: no such change can be made to `double` of double any "
        "more; take it out of the list:",
        "    return 2 * x → return x + x",
    ]


def test_a_list_that_cannot_be_read_is_reported_and_all_else_still_verified(course: Path) -> None:
    write(course / LIST, "a: [")
    result = verify(course)
    assert "tests/lessons/equivalents.yaml: is not proper YAML" in result.stderr
    assert "5/5" in result.stdout


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- lesson: double", "missing required field `function`"),
        ("- {lesson: double, function: f, because: no, changes: [a]}", "because"),
        (EQUIVALENT.replace("double", "dubble") + " [a → b]", "equivalents.yaml: no lesson is"),
        (EQUIVALENT + " [a → b, a → b]", "`a → b` of `double` stands there twice"),
    ],
)
def test_an_entry_that_cannot_be_right_is_reported(course: Path, text: str, told: str) -> None:
    write(course / LIST, text)
    with pytest.raises(CourseError, match=re.escape(told)):
        load_equivalents(Course.load(course))


def test_a_drawing_that_draws_nothing_is_reported(course: Path) -> None:
    show = "show:\n  sentence: one\n  features: [size]\n  kinds: [{vector: [1], words: one}]\n"
    with (course / "course.yaml").open("a", encoding="utf-8") as file:
        file.write(show)
    broken = "def draw(student, X, words):\n    return 1 / 0\n"
    write(course / LESSONS / "drawings" / "double.py", broken)
    (told,) = problems(course)
    assert told.startswith("tests/lessons/drawings/double.py: nothing can be drawn with it")


def test_stray_files_are_reported(course: Path) -> None:
    for name in (
        "solutions/duoble.py",
        "exercises/notes.txt",
        "tests/lessons/hidden/test_dubble.py",
        "tests/lessons/accepted/dubble/x.py",
        "tests/lessons/misconceptions/double/no_product__twice.py",
        "tests/lessons/misconceptions/double/Weird name.py",
        "tests/lessons/misconceptions/double/README",
    ):
        write(course / name, "")
    folder = "tests/lessons/misconceptions/double"
    assert list(stray_files(Course.load(course))) == [
        "solutions/duoble.py: belongs to no lesson; rename it to `double.py`, or delete it",
        "exercises/notes.txt: belongs to no lesson; delete it, or rename it",
        "tests/lessons/hidden/test_dubble.py: belongs to no lesson; rename it to "
        "`test_double.py`, or delete it",
        "tests/lessons/accepted/dubble: belongs to no lesson; rename it to `double`, or delete it",
        f"{folder}/README: is no version of the lesson; delete it",
        f"{folder}/Weird name.py: is called like no misconception; call it `some-id.py`, or "
        "`some-id__variant.py`",
        f"{folder}/no_product__twice.py: is called like no misconception; write `-` for `_`: "
        "`no-product__twice.py`",
    ]


def test_without_libcst_all_but_mutants_is_verified(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "libcst", None)
    monkeypatch.delitem(sys.modules, "grader.verify.mutants", raising=False)
    monkeypatch.delitem(sys.modules, "grader.verify.mutation_operators", raising=False)
    assert problems(course) == [NO_LIBCST]
    row = next(line for line in verify(course).stdout.splitlines() if "double" in line).split()
    assert row == ["double", "ok", "3/3", "1/1", "1/1", "1/1", "5/5", "?", "?", "6/6"]


def test_a_lesson_that_cannot_be_graded_costs_only_itself(tiny_course: CourseWriter) -> None:
    lessons = [{"id": "double", "points": 4}, {"id": "twice", "points": 5}]
    folder = tiny_course(lessons=lessons)
    build(Course.load(folder))
    result = verify(folder)
    rows = [line.split() for line in result.stdout.splitlines() if line.strip()]
    assert ["double", "ok", "3/3", "0/0", "0/0", "0/0", "0/0", "6/6", "0", "0/0"] in rows
    assert ["twice", "?", "?", "?", "?", "?", "?", "?", "?", "0/0"] in rows


def test_lessons_can_be_verified_one_by_one(course: Path) -> None:
    result = verify(course, "double")
    assert result.exit_code == 0
    result = verify(course, "dubble")
    assert result.exit_code == 2
    assert "did you mean `double`?" in result.stderr
