"""The commands of a student's first hour, on a tiny course."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tiny_course import CourseWriter

from grader.authoring.build import build
from grader.cli import main
from grader.course import Course

RIGHT = "def {0}(x):\n    return 2 * x\n"
HINTS = ["What is twice?", "Look at the `+`.", "`2 * x`"]
SHOW = {"features": ["animal"], "kinds": [{"vector": [3], "words": "fox dog zebra"}]}
Grader = Callable[..., Result]


@pytest.fixture
def course(tiny_course: CourseWriter) -> Path:
    """Two lessons, not started; the second draws what its function makes of words."""
    folder = tiny_course(
        limits={"cpu_seconds_per_call": 0.5, "seconds_per_lesson": 2},
        lessons=[
            {"id": "double", "points": 4, "hints": {"double": HINTS}},
            {"id": "twice", "points": 4, "requires": ["double"]},
        ],
        show=SHOW,
    )
    drawings = folder / "tests" / "lessons" / "drawings"
    drawings.mkdir()
    drawings.joinpath("twice.py").write_text(
        "def draw(student, X, words):\n"
        '    """Twice the products."""\n'
        "    return student.twice(X @ X.T)\n"
    )
    build(Course.load(folder))
    return folder


@pytest.fixture
def grader(course: Path, monkeypatch: pytest.MonkeyPatch) -> Grader:
    """Run a command in the folder of the course; whatever happens, never a traceback."""
    monkeypatch.chdir(course)

    def run(*words: str, **more: str) -> Result:
        result = CliRunner().invoke(main, words, **more)  # type: ignore[arg-type]
        assert "Traceback" not in result.output
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return run


def run(*words: str, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """The same in a process of its own."""
    variables = {name: value for name, value in os.environ.items() if name[:7] != "PYTHOND"}
    return subprocess.run(
        [sys.executable, "-m", "grader", *words], cwd=cwd, capture_output=True, text=True,
        check=False, env=variables | more,
    )  # fmt: skip


def write(course: Path, lesson: str, text: str) -> None:
    (course / "exercises" / f"{lesson}.py").write_text(text)


def test_grader_alone_tells_where_one_is_and_what_to_do(grader: Grader) -> None:
    said = grader().output
    assert "A tiny course" in said
    assert "→ 1 double" in said
    assert "0 of 8 points" in said
    assert said.endswith(
        "open exercises/double.py, read, fill in, save, and run\n    grader check double\n"
    )


def test_outside_of_a_course_grader_alone_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, [])
    assert result.exit_code == 2
    assert "no course is here" in result.output
    assert "Go to the folder of your course" in result.output
    assert "grader --help" in result.output


@pytest.mark.parametrize(
    ("typed", "meant"), [("chek", "`check`"), ("hnit", "`hint`"), ("Show", "`show`")]
)
def test_a_misspelt_command_is_answered_with_the_one_that_was_meant(
    grader: Grader, typed: str, meant: str
) -> None:
    result = grader(typed)
    assert result.exit_code == 2
    assert f"grader has no command `{typed}`. Did you mean {meant}?" in result.output
    assert grader("zzzzzz").output.rstrip().endswith("grader has no command `zzzzzz`.")


def test_an_ambiguous_lesson_name_is_answered_with_all_that_it_could_mean(
    tiny_course: CourseWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["twice_over", "soft", "all_twice"]
    monkeypatch.chdir(tiny_course(lessons=names))
    result = CliRunner().invoke(main, ["check", "twice"])
    assert result.exit_code == 2
    said = " ".join(result.output.split())
    assert "no lesson is called `twice`; did you mean `twice_over` or `all_twice`?" in said


@pytest.mark.slow
def test_a_changed_lesson_is_checked_again(grader: Grader, course: Path) -> None:
    write(course, "double", RIGHT.format("double"))
    assert "✓ 1 double" in grader().output
    write(course, "double", RIGHT.format("double").replace("2", "3"))
    said = grader().output
    assert "→ 1 double" in said
    assert "1 of 3 checks" in said
    write(course, "double", RIGHT.format("double"))
    assert "✓ 1 double" in grader().output
    for path in (course / "tests" / "lessons").glob("*/test_double.py"):
        path.write_text(path.read_text().replace("double(2) == 4", "double(2) == 5"))
    assert "2 of 3 checks" in grader().output


CHECK_WITH_HELPER = '''\
def test_four(student, four):
    """Four is four."""
    assert student.double(2) == four
'''


@pytest.mark.slow
def test_a_changed_helper_of_the_checks_has_them_run_again(grader: Grader, course: Path) -> None:
    visible = course / "tests" / "lessons" / "visible"
    helper = visible / "conftest.py"
    helper.write_text("import pytest\n\n@pytest.fixture\ndef four():\n    return 4\n")
    (visible / "test_double.py").write_text(CHECK_WITH_HELPER)
    for lesson in ("double", "twice"):
        write(course, lesson, RIGHT.format(lesson))
    assert "Every check passes here" in grader().output
    helper.write_text(helper.read_text().replace("return 4", "return 5"))
    assert "Every check passes here" not in grader().output


def test_a_stub_is_not_started_and_never_called_wrong(grader: Grader) -> None:
    result = grader("check")
    assert result.exit_code == 1
    assert "double: not started" in result.output
    assert "✗" not in result.output
    assert "grader hint double" in result.output
    assert grader().output.count("not started") == 2


def test_a_failure_is_shown_in_full_with_the_way_to_a_hint(grader: Grader, course: Path) -> None:
    write(course, "double", "def double(x):\n    return x + 1\n")
    result = grader("check", "double")
    assert result.exit_code == 1
    assert result.output.count("called ") == 1
    assert "called     double(x)" in result.output
    assert "Mend exercises/double.py" in result.output


def test_a_lesson_that_is_right_leads_to_the_next(grader: Grader, course: Path) -> None:
    write(course, "double", RIGHT.format("double"))
    result = grader("check", "double")
    assert result.exit_code == 0
    assert "all 3 checks passed" in result.output
    assert "grader check twice" in result.output
    assert "twice: not started" in grader("check").output


def test_after_a_skipped_lesson_the_next_one_follows(
    tiny_course: CourseWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = tiny_course(lessons=[{"id": name, "points": 4} for name in ("one", "two", "three")])
    build(Course.load(course))
    monkeypatch.chdir(course)
    write(course, "two", RIGHT.format("two"))
    assert "then run\n    grader check three" in CliRunner().invoke(main, ["check", "two"]).output
    write(course, "three", RIGHT.format("three"))
    assert "then run\n    grader check one" in CliRunner().invoke(main, ["check", "three"]).output


@pytest.mark.parametrize("name", ["double", "double.py", "exercises/double.py", "1"])
def test_a_lesson_may_be_named_by_its_file_or_number(grader: Grader, name: str) -> None:
    assert "double: not started" in grader("check", name).output


def test_a_misspelt_lesson_gets_a_suggestion(grader: Grader) -> None:
    result = grader("check", "duoble")
    assert result.exit_code == 2
    assert "did you mean `double`" in result.output


def test_a_lesson_that_does_not_compile_says_in_which_line(grader: Grader, course: Path) -> None:
    write(course, "double", "def double(x)\n    return 2 * x\n")
    result = grader("check", "double")
    assert result.exit_code == 1
    assert "in line 1" in result.output
    assert "Mend exercises/double.py" in result.output
    assert "→ 1 double" in grader().output


@pytest.mark.slow
def test_checks_without_assertions_are_not_run(course: Path) -> None:
    done = run("check", cwd=course, PYTHONOPTIMIZE="1")
    assert done.returncode == 1
    assert "PYTHONOPTIMIZE, which switches off every check" in " ".join(done.stderr.split())


@pytest.mark.slow
def test_an_old_code_page_shows_what_it_can(course: Path) -> None:
    write(course, "double", RIGHT.format("double"))
    done = run("check", "double", cwd=course, PYTHONIOENCODING="cp1252")
    assert done.stderr == ""
    assert "? all 3 checks passed" in done.stdout


@pytest.mark.slow
def test_a_check_leaves_nothing_in_the_folder_but_its_memory(course: Path) -> None:
    before = set(course.rglob("*"))
    assert "not started" in run("check", cwd=course).stdout
    left = {path.relative_to(course).parts[0] for path in set(course.rglob("*")) - before}
    assert left == {".grader"}


@pytest.mark.slow
def test_an_endless_loop_ends(grader: Grader, course: Path) -> None:
    write(course, "double", "def double(x):\n    while True:\n        pass\n")
    assert "still computing" in grader("check", "double").output


@pytest.mark.slow
def test_a_program_that_ends_itself_costs_nobody_a_traceback(grader: Grader, course: Path) -> None:
    write(course, "double", "import os\n\ndef double(x):\n    os._exit(0)\n")
    assert "double: 0 of" in grader("check", "double").output


def test_the_output_of_a_program_is_shown_without_escapes(grader: Grader, course: Path) -> None:
    write(course, "double", "def double(x):\n    print('here \\x1b[2J', x)\n    return 2 * x\n")
    said = grader("check", "double").output
    assert "Your program printed:" in said
    assert "here \\x1b[2J 2" in said


def test_a_picture_shows_the_students_own_values(grader: Grader, course: Path) -> None:
    write(course, "twice", RIGHT.format("twice"))
    said = grader("check", "twice").output
    assert "Twice the products." in said
    assert "quick" in said
    write(course, "twice", "def twice(x):\n    return 2 * x if x else 1\n")  # one slip
    said = grader("check", "twice").output
    assert "Twice the products." not in said
    assert said.splitlines()[-1].startswith("Mend exercises/twice.py")


@pytest.mark.slow
def test_hints_go_one_step_further_each_time(grader: Grader, course: Path) -> None:
    write(course, "double", "def double(x):\n    return x + 1\n")
    said = [grader("hint", "double").output for _ in range(4)]
    for number, step in enumerate(HINTS):
        assert f"hint {number + 1} of 3" in said[number]
        assert step in said[number]
    assert "That is all there is" in said[3]
    assert HINTS[0] in grader("hint", "double", "--again").output


def test_an_unwritten_function_has_hints_too(grader: Grader) -> None:
    assert HINTS[0] in grader("hint", "double").output


@pytest.mark.slow
def test_a_lesson_without_hints_or_faults_says_so(grader: Grader, course: Path) -> None:
    assert "No hint" in grader("hint", "twice").output
    assert "Stuck?" not in grader("check", "twice").output
    write(course, "twice", RIGHT.format("twice"))
    assert "nothing to hint at" in grader("hint", "twice").output


def test_reset_puts_a_lesson_back_and_keeps_what_was_there(grader: Grader, course: Path) -> None:
    original = (course / "exercises" / "double.py").read_text()
    for text in ("first", "second"):
        write(course, "double", text)
        assert grader("reset", "double", "--yes").exit_code == 0
    assert (course / "exercises" / "double.py").read_text() == original
    (course / "exercises" / "double.ipynb").write_text("a notebook beside it")
    assert grader("reset", "double", "--yes").exit_code == 0
    assert [path.name for path in (course / "exercises").glob("double.*")] == ["double.py"]
    backups = {path.name: path.read_text() for path in (course / ".grader" / "backups").iterdir()}
    assert backups == {
        "double-1.py": "first",
        "double-2.py": "second",
        "double-3.py": original,
        "double-1.ipynb": "a notebook beside it",
    }


def test_a_broken_link_is_put_aside_too(grader: Grader, course: Path) -> None:
    script = course / "exercises" / "double.py"
    original = script.read_text()
    script.unlink()
    script.symlink_to("nowhere")
    assert grader("reset", "double", "--yes").exit_code == 0
    assert script.read_text() == original
    assert (course / ".grader" / "backups" / "double-1.py").is_symlink()


def test_the_newer_of_two_files_is_the_one_to_open(grader: Grader, course: Path) -> None:
    notebook = course / "exercises" / "double.ipynb"
    notebook.write_text("{")
    os.utime(course / "exercises" / "double.py", (0, 0))
    assert "Mend exercises/double.ipynb" in grader("check", "double").output
    os.utime(notebook, (-9, -9))
    assert "Write it in exercises/double.py" in grader("check", "double").output


def test_reset_asks_first(grader: Grader, course: Path) -> None:
    write(course, "double", "mine")
    assert grader("reset", "double", input="n\n").exit_code == 1
    assert (course / "exercises" / "double.py").read_text() == "mine"


def test_a_deleted_lesson_can_be_restored(grader: Grader, course: Path) -> None:
    for path in (course / "exercises").iterdir():
        path.unlink()
    assert "grader reset double" in grader().output
    assert "grader reset double" in grader("check", "double").output
    grader("reset", "double")
    assert (course / "exercises" / "double.py").is_file()


def test_show_draws_a_sentence(grader: Grader, course: Path) -> None:
    write(course, "twice", RIGHT.format("twice"))
    said = grader("show", "twice", "--sentence", "Zebra sees zebra").output
    assert "Zebra    18    0    18" in said
    assert "Each word as numbers (animal): Zebra (3); sees all zeros." in said
    assert "Not in the list of words in course.yaml: sees." in said
    assert "no drawing" in grader("show", "double").output
    assert "two words" in grader("show", "twice", "--sentence", "one").output


@pytest.mark.slow
def test_show_draws_only_what_passes_every_check(grader: Grader, course: Path) -> None:
    said = " ".join(grader("show", "twice").output.split())
    assert "twice passes 0 of 3 checks, and is drawn when all pass" in said
    assert said.endswith("grader check twice")
    write(course, "twice", "def twice(x):\n    return 2 * x if x == 0 else x\n")
    assert "twice passes 1 of 3 checks" in grader("show", "twice").output
    write(
        course, "twice", "def twice(x):\n    return 2 * x if isinstance(x, int | float) else 'a'\n"
    )
    result = grader("show", "twice")
    assert result.exit_code == 1
    assert "shape (9, 9)" in result.output
    write(course, "twice", RIGHT.format("twice"))
    assert "Twice the products." in grader("show", "twice").output


def test_show_saves_an_image(grader: Grader, course: Path) -> None:
    write(course, "twice", RIGHT.format("twice"))
    result = grader("show", "twice", "--save", "out.svg", "--sentence", "<b> Ärger & Co")
    assert result.exit_code == 0, result.output
    image = (course / "out.svg").read_bytes()
    assert image.startswith(b"<svg")
    assert b"<b>" not in image


PAGE = """
def page(student, X, words):
    \"\"\"Who looks at whom?\"\"\"
    return {"weights": student.twice([[0.25, 0.25], [0.0, 0.5]])}
"""


@pytest.fixture
def with_page(course: Path) -> Path:
    """The course, whose second lesson has a page for a friend, of two words."""
    drawing = course / "tests" / "lessons" / "drawings" / "twice.py"
    drawing.write_text(drawing.read_text() + PAGE)
    write(course, "twice", "def twice(x):\n    return [[2 * i for i in r] for r in x] "
          "if isinstance(x, list) else 2 * x\n")  # fmt: skip
    return course


@pytest.mark.slow
def test_show_saves_a_page_for_a_friend(grader: Grader, with_page: Path) -> None:
    words = ["--sentence", "fox <script>", "--by", "Ada <b>"]
    result = grader("show", "twice", "--save", "me.HTML", *words)
    assert result.exit_code == 0, result.output
    assert "Wrote me.HTML. It is one file" in result.output
    assert "Not in the list of words in course.yaml: script." in result.output
    page = (with_page / "me.HTML").read_text("utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert "“fox” looks at all words alike" in page
    assert "Ada &lt;b&gt;\u2019s own functions" in page
    assert page.count("<script>") == 1
    assert "friend: grader show twice --save me.html" in grader("check", "twice").output


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("twice --save me.pdf", 2, "ends in .svg for an image, in .html for a page"),
        ("twice --save me", 2, "ends in .svg"),
        ("twice --save no/such/me.html --sentence fox,dog", 1, "cannot write no/such/me.html"),
        ("twice --save . --sentence fox,dog", 2, "is a directory"),
        ("twice --by Ada", 2, "stands on a page: --save me.html"),
        ("double --save me.html", 1, "double has no page. There is one of twice."),
        ("twice --save me.html", 1, "for each word, its shares of all 9"),
        (f"twice --save me.html --sentence {'a,' * 33}", 2, "has 33 words; a page has room for 32"),
    ],
)
def test_what_stops_a_page_is_told_in_a_sentence(
    grader: Grader, with_page: Path, words: str, code: int, said: str
) -> None:
    result = grader("show", *words.split())
    assert result.exit_code == code
    assert said in " ".join(result.output.split())
    assert not list(with_page.glob("me*"))


@pytest.mark.slow
def test_a_program_that_knows_the_page_cannot_put_a_script_into_it(
    grader: Grader, with_page: Path
) -> None:
    for value in ("'<script>'", "[['</script><script>'] * 2] * 2", "[[float('nan')] * 2] * 2"):
        write(with_page, "twice", "def twice(x):\n"
              f"    return {value} if isinstance(x, list) else 2 * x\n")  # fmt: skip
        result = grader("show", "twice", "--save", "me.html", "--sentence", "fox dog")
        assert result.exit_code == 1
        assert "`twice` should give, for each word, its shares of all 2" in result.output
        assert not (with_page / "me.html").exists()


@pytest.mark.slow
def test_submit_makes_a_zip_that_grade_takes(grader: Grader, course: Path, tmp_path: Path) -> None:
    write(course, "double", RIGHT.format("double"))
    result = grader("submit", "ada", "--out", str(tmp_path / "class" / "ada.zip"))
    assert result.exit_code == 1  # no such folder
    (tmp_path / "class").mkdir()
    result = grader("submit", "ada", "--out", str(tmp_path / "class" / "ada.zip"))
    assert result.exit_code == 0
    assert "twice: not started" in result.output
    graded = grader("grade", str(tmp_path / "class"), "--out", str(tmp_path / "out"), "--jobs", "1")
    assert graded.exit_code == 0, graded.output
    row = (tmp_path / "out" / "grades.csv").read_text().splitlines()[1]
    assert row == "ada,4,0,4,8"


def test_the_same_lessons_make_the_same_zip(grader: Grader, course: Path) -> None:
    grader("submit", "ada")
    first = (course / "ada.zip").read_bytes()
    grader("submit", "ada")
    assert (course / "ada.zip").read_bytes() == first
    members = zipfile.ZipFile(course / "ada.zip").infolist()
    assert [member.filename for member in members] == ["double.py", "twice.py"]
    assert {member.date_time for member in members} == {(1980, 1, 1, 0, 0, 0)}  # at any time


@pytest.mark.parametrize("command", ["check", "hint", "show", "reset", "verify", "watch"])
def test_an_unknown_lesson_is_wrong_usage(grader: Grader, command: str) -> None:
    result = grader(command, "nosuch")
    assert result.exit_code == 2
    assert "no lesson is called `nosuch`; known lessons: double, twice" in result.output
    assert "course.yaml" not in result.output


def test_without_lessons_nothing_is_handed_in(grader: Grader, course: Path) -> None:
    for path in (course / "exercises").iterdir():
        path.unlink()
    result = grader("submit", "ada")
    assert result.exit_code == 1
    assert "there is nothing to hand in" in result.output
    assert not (course / "ada.zip").exists()


def test_a_zip_that_cannot_be_written_leaves_nothing_behind(grader: Grader, course: Path) -> None:
    (course / "ada.zip").mkdir()
    result = grader("submit", "ada")
    assert result.exit_code == 1
    assert "cannot write ada.zip" in result.output
    assert not list(course.glob(".ada*"))


@pytest.mark.parametrize("name", ["../ada", "a/b", "", ".hidden", "C:ada"])
def test_a_zip_has_a_name_and_not_a_path(grader: Grader, name: str) -> None:
    assert grader("submit", name).exit_code == 2


@pytest.mark.parametrize("text", ["[]", "{", '{"double": 3}', '{"double": {"passed": "x"}}'])
def test_a_damaged_memory_does_no_harm(grader: Grader, course: Path, text: str) -> None:
    (course / ".grader").mkdir()
    for what in ("progress", "hints"):
        (course / ".grader" / f"{what}.json").write_text(text)
    assert grader().exit_code == 0
    assert grader("hint", "double").exit_code == 0


@pytest.mark.parametrize(
    ("shell", "answer"),
    [("bash", "plain,{}\n"), ("zsh", "plain\n{}\n"), ("fish", "plain\n{}")],
)
def test_the_shell_completes_commands_and_lessons(
    grader: Grader, monkeypatch: pytest.MonkeyPatch, shell: str, answer: str
) -> None:
    monkeypatch.setenv("_GRADER_COMPLETE", f"{shell}_complete")
    for words, completed in [("grader su", "submit"), ("grader check tw", "twice")]:
        monkeypatch.setenv("COMP_WORDS", words)
        monkeypatch.setenv("COMP_CWORD", str(words.count(" ")))
        if shell == "fish":  # which asks for the word alone
            monkeypatch.setenv("COMP_CWORD", words.split()[-1])
        result = CliRunner().invoke(main, prog_name="grader")
        assert result.output.replace(",", "," if shell == "bash" else "\n").startswith(
            answer.format(completed)
        )
