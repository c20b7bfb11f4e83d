"""What a lesson shows and tells people to type comes out as promised, whoever wrote the answers."""

from __future__ import annotations

import ast
import doctest
import os
import re
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Final

import pytest
from click.testing import CliRunner
from imported_later import ImportedLater
from lesson_texts import (
    FUNCTIONS,
    GUARD,
    SOLUTIONS,
    TEXTS,
    answered_by,
    cells_of,
    importable_modules,
    promised_by,
    prose_of,
    run_as_a_person_does,
    text_of,
)
from places import REPOSITORY

from grader.cli import main
from grader.course import Course
from grader.course.stubs import make_stub
from grader.diagnosis.version_files import VersionFile, read_accepted_versions, read_wrong_versions

nbclient, nbformat = ImportedLater("nbclient"), ImportedLater("nbformat")
COURSE: Final = Course.load(REPOSITORY)
ACCEPTED: Final = [it for lesson in COURSE.lessons for it in read_accepted_versions(COURSE, lesson)]
WRONG: Final = [it for lesson in COURSE.lessons for it in read_wrong_versions(COURSE, lesson)]
SOLVED: Final = {name: text_of(name) for name in TEXTS}
EVERY_TEXT: Final = pytest.mark.parametrize("name", TEXTS)
EVERY_LESSON: Final = pytest.mark.parametrize("name", FUNCTIONS)
EVERY_ANSWER: Final = pytest.mark.parametrize(
    "version", ACCEPTED, ids=[f"{it.lesson}: {it.path.stem}" for it in ACCEPTED]
)


def with_version(version: VersionFile) -> dict[str, str]:
    """All lessons, one of them with other answers than the solution's."""
    return SOLVED | {version.lesson: answered_by(SOLVED[version.lesson], version.text)}


def is_timed(code: str) -> bool:
    """Whether a cell shows what the clock says, which no text can promise."""
    return "timeit" in code


def promises_in(name: str) -> list[tuple[str, str]]:
    """Each cell of a lesson that shows something, and what the text below says it prints."""
    cells = cells_of(SOLVED[name])
    return [
        (text.strip(), promised_by(below))
        for (kind, text), (_, below) in pairwise(cells)
        if kind == "code" and GUARD in text
    ]


# Pictures and answers to predictions


@EVERY_TEXT
def test_what_a_lesson_shows_is_what_its_text_promises(name: str) -> None:
    with importable_modules(SOLVED):
        shown, _ = run_as_a_person_does(SOLVED[name])
    assert shown, f"{name} shows nothing"
    for cell in shown:
        if not is_timed(cell.code):
            assert cell.printed == cell.promised
            assert cell.promised, "the text below says what you should see"


@pytest.mark.slow
@EVERY_ANSWER
def test_any_right_answer_shows_the_same(version: VersionFile) -> None:
    programs = with_version(version)
    with importable_modules(programs):
        shown, _ = run_as_a_person_does(programs[version.lesson])
    for cell in shown:
        if not is_timed(cell.code):
            assert cell.printed == cell.promised


@pytest.mark.slow
def test_one_matrix_product_is_much_faster_than_a_loop() -> None:
    with importable_modules(SOLVED):
        shown, _ = run_as_a_person_does(SOLVED["attention_matrix"])
    (told,) = [cell.printed for cell in shown if is_timed(cell.code)]
    times = re.fullmatch(r"a loop ([\d.]+) ms, yours ([\d.]+) ms: (\d+) to 1", told)
    assert times is not None
    assert int(times[3]) > 4, "a hundred times on most, says the text; a busy computer shows less"


@EVERY_TEXT
def test_importing_a_lesson_shows_nothing(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    # Grading and later lessons import it: a slip in what is only shown must cost nothing there.
    broken = SOLVED[name].replace(f"\n{GUARD}\n", f"\n{GUARD}\n    1 / 0\n")
    assert "1 / 0" in broken
    with importable_modules(SOLVED | {name: broken}):
        assert capfd.readouterr() == ("", "")


@EVERY_TEXT
def test_outside_of_what_is_shown_a_lesson_defines_and_calls_nothing_of_its_own(name: str) -> None:
    harmless = ast.Import | ast.ImportFrom | ast.FunctionDef | ast.Assign
    own = FUNCTIONS.get(name, {})
    for node in ast.parse(SOLVED[name]).body:
        if isinstance(node, ast.If):
            assert ast.unparse(node.test) == "__name__ == '__main__'"
            continue
        assert isinstance(node, harmless), ast.unparse(node)
        calls = [it for it in ast.walk(node) if isinstance(it, ast.Call)]
        assert isinstance(node, ast.FunctionDef) or not {
            ast.unparse(call.func) for call in calls
        } & {"print", *own}


@EVERY_TEXT
def test_no_prompt_is_left_to_be_stripped_by_hand(name: str) -> None:
    assert ">>>" not in prose_of(SOLVED[name])
    for kind, text in cells_of(SOLVED[name]):
        if kind == "code":  # no code is asleep in a comment
            assert not re.search(r"(?m)^\s*# *\w+\(.*\)\s*$", text), text


@EVERY_TEXT
def test_a_prediction_is_answered_by_code_that_comes_after_it(name: str) -> None:
    cells = cells_of(SOLVED[name])
    questions = [
        (number, rest)
        for number, (kind, text) in enumerate(cells)
        if kind == "markdown"
        for rest in re.split(r"\*\*Predict\b[^*]*[.,][^*]*\*\*", text)[1:]
    ]
    assert questions, f"{name} asks for no prediction"
    for number, rest in questions:
        assert not re.search(r"(?m)^# ( {4}|\|)", rest), "a picture or table tells the answer"
        assert any(kind == "code" and GUARD in text for kind, text in cells[number + 1 :])


def test_a_matrix_that_the_learner_designs_can_make_tired_look_for_a_creature() -> None:
    before = "            [1, 0],  # a deed or state\n"
    assert SOLVED["qkv"].count(before) == 1
    for row, found in [("[1, 0]", "animal, cross, tired"), ("[2, 0]", "animal")]:
        program = SOLVED["qkv"].replace(before, before.replace("[1, 0]", row))
        with importable_modules(SOLVED):
            shown, _ = run_as_a_person_does(program)
        *_, designed = shown
        tired, it, *bars = designed.printed.splitlines()
        assert (tired, it) == (f"tired looks for {found}", "it    looks for animal")
        assert max(bars, key=len).startswith("animal "), "the picture answers"


# Examples in descriptions


def examples_that_fail(program: str, name: str) -> set[str]:
    """The functions whose examples `python -m doctest` would complain about."""
    module = ModuleType(name)
    exec(compile(program, f"{name}.py", "exec", dont_inherit=True), vars(module))
    described = ModuleType(name)  # answers that are laid over have no description of their own
    exec(compile(SOLVED[name], f"{name}.py", "exec", dont_inherit=True), vars(described))
    failed = set()
    for function in FUNCTIONS[name]:
        (example,) = doctest.DocTestFinder(recurse=False).find(
            vars(described)[function], name=function, globs=dict(vars(module))
        )
        if doctest.DocTestRunner().run(example, out=lambda _: None).failed:
            failed.add(function)
    return failed


@pytest.mark.parametrize(
    "version",
    [it for it in ACCEPTED if it.lesson in FUNCTIONS],
    ids=lambda it: f"{it.lesson}: {it.path.stem}",
)
def test_examples_hold_for_every_right_answer(version: VersionFile) -> None:
    programs = with_version(version)
    with importable_modules(programs):
        assert examples_that_fail(programs[version.lesson], version.lesson) == set()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # mistakes overflow and divide by zero
def test_examples_contradict_nearly_all_known_mistakes() -> None:
    with importable_modules(SOLVED):
        silent = [
            f"{wrong.lesson}: {wrong.path.stem}"
            for wrong in WRONG
            if not examples_that_fail(with_version(wrong)[wrong.lesson], wrong.lesson)
        ]
    assert len(WRONG) > 150
    assert len(silent) <= 0.02 * len(WRONG), silent


# What people type


def commands_in(name: str) -> list[str]:
    """What the text tells people to type: a line of its own, or words in the text."""
    found = re.findall(r"(?m)^    ((?:python|grader|pip) .+)$", prose_of(SOLVED[name]))
    return [*found, *re.findall(r"`((?:python|grader|pip) [^`]+)`", prose_of(SOLVED[name]))]


def type_in(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    """Run a command as somebody does who stands in the course's folder."""
    words = command.replace("grader ", "python -m grader ").split()
    assert words[0] == "python"
    return subprocess.run(
        [sys.executable, *words[1:]],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        timeout=120,
        check=False,
    )


def test_the_first_lesson_tells_how_to_run_and_to_check_it() -> None:
    typed = {name: commands_in(name) for name in TEXTS}
    first, *others = TEXTS
    assert typed[first] == [f"python exercises/{first}.py", f"grader check {first}"]
    assert not any(typed[name] for name in others), "type these, too"


@pytest.mark.slow
@pytest.mark.parametrize(
    "version",
    [it for it in ACCEPTED if it.lesson == TEXTS[0]],
    ids=lambda it: it.path.stem,
)
def test_what_a_lesson_says_to_type_works_on_every_right_answer(
    students_copy: Path, version: VersionFile
) -> None:
    name = version.lesson
    program = answered_by(SOLVED[name], version.text)
    (students_copy / "exercises" / f"{name}.py").write_text(program, encoding="utf-8")
    for command in commands_in(name):
        done = type_in(students_copy, command)
        assert done.returncode == 0, done.stdout + done.stderr
        assert not done.stderr


@pytest.mark.slow
@EVERY_TEXT
def test_a_lesson_runs_as_a_program_from_the_courses_folder(students_copy: Path, name: str) -> None:
    for lesson, text in SOLVED.items():
        (students_copy / "exercises" / f"{lesson}.py").write_text(text, encoding="utf-8")
    done = type_in(students_copy, f"python exercises/{name}.py")
    assert (done.returncode, done.stderr) == (0, "")
    printed = "\n".join(line.rstrip() for line in done.stdout.splitlines())
    for code, promised in promises_in(name):
        assert is_timed(code) or promised in printed


@pytest.mark.slow
def test_what_a_lesson_shows_is_a_cell_of_its_notebook(
    students_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = students_copy / "exercises"
    for lesson, text in SOLVED.items():
        (folder / f"{lesson}.py").write_text(text, encoding="utf-8")
    monkeypatch.chdir(students_copy)
    assert CliRunner().invoke(main, ["notebook"]).exit_code == 0
    cells = [
        nbformat.v4.new_code_cell(cell.source)
        for name in TEXTS
        for cell in nbformat.read(folder / f"{name}.ipynb", as_version=4).cells
        if cell.cell_type == "code" and not cell.source.startswith("check(")
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    resources = {"metadata": {"path": str(folder)}}
    nbclient.NotebookClient(
        notebook, timeout=60, kernel_name="python3", resources=resources
    ).execute()
    shown = {cell.source: cell.outputs for cell in notebook.cells if GUARD in cell.source}
    promises = [promise for name in TEXTS for promise in promises_in(name)]
    assert list(shown) == [code for code, _ in promises]
    for code, promised in promises:
        text = "".join(output.text for output in shown[code])
        printed = "\n".join(line.rstrip() for line in text.splitlines())
        assert is_timed(code) or printed == promised


@EVERY_LESSON
def test_an_exercise_that_is_run_says_which_function_is_not_written_yet(
    tmp_path: Path, name: str
) -> None:
    used = COURSE.with_required(COURSE.lesson(name))
    for lesson in used:
        stub = make_stub(text_of(lesson.id), where=lesson.id)
        (tmp_path / f"{lesson.id}.py").write_text(stub, encoding="utf-8")
    for file in COURSE.lesson(name).data:
        shutil.copy(SOLUTIONS / file, tmp_path)
    done = type_in(tmp_path, f"python {name}.py")
    *_, place, line, error = done.stderr.splitlines()
    assert error == "NotImplementedError"
    assert line.strip() == "raise NotImplementedError"
    functions = {function for it in used for function in FUNCTIONS[it.id]}
    assert place.strip().rpartition(" in ")[2] in functions
