"""Problems of new students in trials of a released copy, one test each."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tiny_course import CourseWriter

from grader.authoring.build import build
from grader.cli import main
from grader.course import Course
from grader.course.stubs import with_rules
from grader.diagnosis.sealed_mistakes import SealedFile

EARLIER = "def double(x):\n    return {0} * x\n"
LATER = "from double import double\n\n\ndef twice(x):\n    return double(x)\n"
BEGIN_WITH_DOUBLE = """\
Begin with double, which twice imports: it does not pass all its checks yet.
    grader check double
"""
Grader = Callable[..., str]


@pytest.fixture
def course(tiny_course: CourseWriter) -> Path:
    folder = tiny_course(
        lessons=[
            {"id": "double", "points": 4, "hints": {"double": ["One?", "Two?", "Three."]}},
            {"id": "twice", "points": 4, "requires": ["double"]},
        ],
    )
    for lesson in ("double", "twice"):
        mistakes = folder / "tests" / "lessons" / "misconceptions" / lesson
        mistakes.mkdir(parents=True)
        hints = "\n".join(f"{n}. Step {n} of {lesson}?" for n in (1, 2, 3))
        code = f"def {lesson}(x):\n    return 3 * x\n"
        (mistakes / "thrice.py").write_text(f'"""three times {lesson}\n\n{hints}\n"""\n\n\n{code}')
    build(Course.load(folder))
    return folder


@pytest.fixture
def grader(course: Path, monkeypatch: pytest.MonkeyPatch) -> Grader:
    """Run a command in the folder of the course; whatever happens, never a traceback."""
    monkeypatch.chdir(course)

    def run(*words: str) -> str:
        result: Result = CliRunner().invoke(main, words)
        assert "Traceback" not in result.output
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result.output

    return run


def write(course: Path, lesson: str, text: str) -> None:
    (course / "exercises" / f"{lesson}.py").write_text(text)


@pytest.mark.slow
def test_a_hint_that_was_read_is_not_given_again(grader: Grader, course: Path) -> None:
    write(course, "double", EARLIER.format(3))
    assert "Step 1 of double?" in grader("check", "double")
    assert "hint 2 of 3" in grader("hint", "double")
    grader("reset", "twice", "--yes")  # begins again with its own hints alone
    grader("check", "double")
    assert "hint 3 of 3" in grader("hint", "double")
    assert "Step 3 of double?" in grader("hint", "double")
    assert "hint 1 of 3" in grader("hint", "double", "--again")


def test_a_hint_is_wrapped_at_the_width_of_the_terminal(
    grader: Grader, course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = course / "course.yaml"
    text.write_text(text.read_text().replace("One?", "One and two and three, " * 8 + "four?"))
    monkeypatch.setenv("COLUMNS", "50")
    said = grader("hint", "double")
    assert max(map(len, said.splitlines())) <= 50
    assert "four?" in said


@pytest.mark.parametrize("columns", [40, 50, 80])
def test_a_failure_is_wrapped_at_the_width_of_the_terminal(
    grader: Grader, course: Path, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    write(course, "double", "def double(x):\n    return None\n")
    said = grader("check", "double")
    assert "through the function" in " ".join(said.split())
    assert max(map(len, said.splitlines())) <= columns
    assert "Mend exercises/double.py" in " ".join(said.split())


@pytest.mark.slow
def test_a_mistake_in_an_earlier_lesson_is_searched_there(grader: Grader, course: Path) -> None:
    write(course, "double", EARLIER.format(3))
    write(course, "twice", LATER)
    for said in (grader("check", "twice"), grader("hint", "twice")):
        assert said == BEGIN_WITH_DOUBLE
    write(course, "double", EARLIER.format(2))
    assert "Begin with" not in grader("check", "twice")
    write(course, "twice", LATER.replace("double(x)", "double(x) + x"))
    said = grader("check", "twice")
    assert "Begin with" not in said
    assert "looks like three times twice" in said


def test_a_printed_result_is_reported_as_not_returned(grader: Grader, course: Path) -> None:
    write(course, "double", "def double(x):\n    print('it is', 2 * x)\n")
    said = " ".join(grader("check", "double").split())
    assert "got None" in said
    assert "`print` shows a value" in said
    assert "Your program printed: it is" in said


def test_output_outside_of_a_check_is_not_shown(grader: Grader, course: Path) -> None:
    write(course, "double", "def double(x):\n    print('called with', x)\n    return 3 * x\n")
    checks = course / "tests" / "lessons"
    assert "looks like three times double" in (said := grader("check", "double"))
    calls = sum(path.read_text().count("student.double(") for path in checks.rglob("test_*.py"))
    assert said.count("called with") <= calls


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("def double(x):\n    y = 2\n\treturn y * x\n", "never with tabs"),
        ("def double(x):\nreturn 2 * x\n", "four spaces further in"),
        ("def double(x):\n    y = 2\n      \n   return y\n", "the same number of spaces"),
    ],
)
def test_wrong_indentation_is_reported(grader: Grader, course: Path, text: str, means: str) -> None:
    write(course, "double", text)
    assert means in " ".join(grader("check", "double").split())


def test_a_misspelt_function_of_numpy_is_reported(grader: Grader, course: Path) -> None:
    write(course, "double", "import numpy as np\n\n\ndef double(x):\n    return np.summ(x)\n")
    assert "did you mean `np.sum`?" in " ".join(grader("check", "double").split())


def test_a_file_that_was_renamed_is_reported(grader: Grader, course: Path) -> None:
    lessons = course / "exercises"
    (lessons / "double.py").rename(lessons / "Doubles.py")
    said = " ".join(grader().split())
    assert "Rename it, or get the lesson's file back with: grader reset double" in said
    assert "Doubles.py is there, but only double.py" in said
    assert "Rename it, or get" in grader("check", "double")


def test_the_wrong_folder_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["check"])
    assert result.exit_code == 1
    assert "no course is here" in result.output
    assert "Go to the folder of your course" in result.output


@pytest.mark.parametrize("change", [b"\r\n", b"BOM"], ids=["windows", "byte order mark"])
def test_a_windows_editor_does_no_harm(grader: Grader, course: Path, change: bytes) -> None:
    data = EARLIER.format(2).encode()
    data = data.replace(b"\n", change) if change == b"\r\n" else b"\xef\xbb\xbf" + data
    (course / "exercises" / "double.py").write_bytes(data)
    assert "all 3 checks passed" in grader("check", "double")


def test_a_zip_named_after_the_user_says_so(grader: Grader) -> None:
    assert "grader submit NAME" in grader("submit")
    assert "grader submit NAME" not in grader("submit", "ada")
    assert "grader submit NAME" not in grader("submit", "--out", "mine.zip")


@pytest.mark.slow
def test_a_read_only_folder_does_no_harm(grader: Grader, course: Path) -> None:
    (course / ".grader").write_text("in the way")
    write(course, "double", EARLIER.format(3))
    write(course, "twice", LATER)
    assert grader("check", "twice") == BEGIN_WITH_DOUBLE
    assert "hint 1 of 3" in grader("hint", "double")


@pytest.fixture
def released(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    def release(course: Path) -> Path:
        out = tmp_path / "released"
        shutil.rmtree(out, ignore_errors=True)
        result = CliRunner().invoke(main, ["--course", str(course), "release", str(out)])
        assert result.exit_code == 0, result.output
        monkeypatch.chdir(out)
        return out

    return release


VISIBLE = (
    'def test_it(student):\n    """Twice 3 is 6."""\n    assert student.double(3) == 6, "why"\n'
)


@pytest.mark.slow
@pytest.mark.parametrize("policy", ["full", "brief", "marks"])
def test_a_students_copy_shows_as_much_as_the_course_says(
    course: Path, grader: Grader, released: Callable[..., Path], policy: str
) -> None:
    text = (course / "course.yaml").read_text()
    (course / "course.yaml").write_text(f"{text}\nfeedback: {policy}\n")
    visible = course / "tests" / "lessons" / "visible"
    visible.mkdir(exist_ok=True)
    (visible / "test_double.py").write_text(VISIBLE.replace("test_it", "test_visibly"))
    (visible / "test_twice.py").write_text(
        VISIBLE.replace("test_it", "test_visibly").replace("double", "twice")
    )
    copy = released(course)
    sealed = copy / "tests" / "lessons" / "known_mistakes" / "double.sealed"
    assert sealed.is_file() is (policy == "full")
    write(copy, "double", EARLIER.format(3))
    said = grader("check", "double")
    assert ("looks like three times double" in said) is (policy == "full")
    assert ("called " in said) is (policy == "full")
    assert ("Twice 3 is 6." in said) is (policy != "marks")
    assert "0 of 1 points" in said
    if policy == "full":
        assert len(SealedFile.decode(sealed.read_bytes()).boxes) == 1


PLOT = "import matplotlib.pyplot as plt\n"


@pytest.mark.slow
def test_an_import_that_grading_refuses_is_no_success_and_the_way_out_is_one(
    grader: Grader, course: Path
) -> None:
    write(course, "double", PLOT + EARLIER.format(2))
    said = " ".join(grader("check", "double").split())
    assert "double.py, line 1 (`import matplotlib.pyplot as plt`) imports matplotlib.pyplot" in said
    assert "a lesson may import numpy, Python's own library and earlier lessons" in said
    assert 'under `if __name__ == "__main__":` at the end' in said
    assert "Well done" not in said
    assert "It imports what is not there when it is graded" in grader("submit", "ada")
    indented = PLOT.replace("import", "    import")
    write(course, "double", EARLIER.format(2) + f'if __name__ == "__main__":\n{indented}')
    assert "Well done" in grader("check", "double")
    assert "not there when it is graded" not in grader("submit", "ada")


@pytest.mark.slow
def test_submit_warns_of_syntax_that_the_python_that_grades_cannot_read(
    grader: Grader, course: Path
) -> None:
    with (course / "course.yaml").open("a") as file:
        file.write('\npython: "3.8"\n')
    write(course, "double", EARLIER.format(2) + "match 1:\n    case 1: pass\n")
    said = " ".join(grader("submit", "ada").split())
    assert "double.py, line " in said
    assert "Python 3.8, which grades, does not" in said


def test_the_first_code_of_a_released_lesson_says_what_it_may_import(
    course: Path, tmp_path: Path
) -> None:
    rules = "may import numpy, Python's own library and earlier lessons"
    loaded = Course.load(course)
    stub = "# %% [markdown]\n# # Double\n\n# %%\nimport numpy as np\n"
    released = with_rules(stub, loaded)
    assert rules in " ".join(released.replace("\n#", "").split())
    assert released.startswith("# %% [markdown]\n# # Double\n\n# %%\n# A lesson may import")
    assert released.endswith("\nimport numpy as np\n")
    assert with_rules("import numpy\n", loaded) == "import numpy\n"


@pytest.mark.parametrize("width", [40, 60, 120])
@pytest.mark.parametrize(
    "words",
    ["", "--help", "check --help", "chek", "check 7", "reset", "show 1", "submit a/b", "check 2"],
)
def test_no_word_is_broken_at_any_width(
    grader: Grader, course: Path, monkeypatch: pytest.MonkeyPatch, words: str, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setattr("grader.cli.screen.errors_are_for_people", lambda: True)
    write(course, "double", "def double(x):\n    return 3 * x\n")
    for line in grader(*words.split()).split("\n"):
        is_command = line.startswith("    grader ") and "  " not in line.strip()
        assert is_command or len(line) <= width


def test_an_earlier_lesson_that_is_gone_is_told_as_gone(grader: Grader, course: Path) -> None:
    write(course, "twice", LATER)
    (course / "exercises" / "double.py").unlink()
    assert "Begin with double, which twice imports: its file is not there." in grader(
        "check", "twice"
    )
    assert "Get the lesson's file back with: grader reset double" in grader("check", "double")


def test_a_raise_below_finished_code_is_told_in_the_next_step(grader: Grader, course: Path) -> None:
    write(course, "double", "def double(x):\n    y = 2 * x\n    raise NotImplementedError\n")
    said = " ".join(grader("check", "double").split())
    assert (
        "`raise NotImplementedError` still stands in line 3, below your code: take it out" in said
    )


def test_a_short_written_answer_is_told_as_short_and_waits_all_the_same(
    tiny_course: CourseWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    why = {"id": "why", "title": "Why?", "points": 2, "words": 5}
    essay = 'ESSAYS = {{"why": "{}"}}\n'
    solution = "### BEGIN SOLUTION\n" + essay.format("Because it is so.") + "### END SOLUTION\n"
    folder = tiny_course(
        lessons=[{"id": "essay", "points": 2, "answers_in": "ESSAYS", "written": [why]},
                 {"id": "double", "points": 4, "minutes": 25}],
        solutions={"essay": solution}, hidden={"essay": None}, visible={"essay": None},
    )  # fmt: skip
    build(Course.load(folder))
    monkeypatch.chdir(folder)

    def check(answer: str) -> str:
        write(folder, "essay", essay.format(answer))
        return " ".join(CliRunner().invoke(main, ["check", "essay"]).output.split())

    short = check("It is.")
    assert "Why? (waits to be marked)" in short
    assert "“Why?” is very short: 2 words, where 5 are expected at least." in short
    assert "Write more in exercises/essay.py, or go on. Next lesson: open" in short
    long = check("It is so, and it was.")
    assert "short" not in long
    assert "Well done. Next lesson" in long
    assert "not started, about 25 minutes" in CliRunner().invoke(main, []).output
