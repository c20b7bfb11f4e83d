"""The student's commands in all kinds of terminals: dumb, narrow, low, without colours, lost."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from terminals import PATIENCE, Terminal, wait_until
from tiny_course import CourseWriter

from grader.authoring.build import build
from grader.course import Course

GRADER = [sys.executable, "-m", "grader"]
HINTS = ["What is twice, and twice again, and again? " * 5, "Look.", "`2 * x`"]
DRAWN = 'def draw(student, X, words):\n    """Twice."""\n    return 2 * X @ X.T\n'

pytestmark = pytest.mark.slow


@pytest.fixture
def course(tiny_course: CourseWriter) -> Path:
    folder = tiny_course(
        lessons=[{"id": "double", "points": 4, "hints": {"double": HINTS}}],
        show={"features": ["animal"], "kinds": [{"vector": [3], "words": "fox dog"}]},
    )
    drawings = folder / "tests" / "lessons" / "drawings"
    drawings.mkdir()
    (drawings / "double.py").write_text(DRAWN)
    build(Course.load(folder))
    return folder


def save(course: Path, text: str) -> None:
    (course / "exercises" / "double.py").write_text(text)


def half_right(course: Path) -> None:
    save(course, "def double(x):\n    return 2 * x if isinstance(x, int) else None\n")


def never_ends(course: Path) -> Path:
    """Save a lesson whose function loops for ever; it makes this file before it does."""
    started = course / "started"
    loop = "    while True:\n        pass\n"
    save(course, f"def double(x):\n    open({str(started)!r}, 'w').close()\n{loop}")
    return started


@pytest.mark.parametrize("name", ["dumb", ""], ids=["dumb", "no name"])
def test_a_terminal_without_escapes_gets_none(course: Path, name: str) -> None:
    half_right(course)
    with Terminal([*GRADER, "watch"], course, TERM=name) as terminal:
        terminal.wait_for("q quit")
        terminal.press("h")
        terminal.wait_for("hint 1 of 3")
        save(course, "def double(x):\n    return 2 * x\n")
        terminal.wait_for("Every lesson is done")
        terminal.press("s")
        terminal.wait_for("[double]")
        terminal.wait_for("Twice.")
        terminal.press("q")
        assert terminal.exit_code() == 0
        assert b"\x1b" not in terminal.raw


def test_watch_says_which_file_to_open_and_what_to_press(course: Path) -> None:
    with Terminal([*GRADER, "watch"], course) as terminal:
        said = terminal.wait_for("q quit")
        assert "Write it in exercises/double.py and save. Stuck? Press h" in said
        half_right(course)
        said = terminal.wait_for("q quit")
        assert "Mend exercises/double.py and save. Stuck? Press h" in said


def test_no_color_turns_colours_off(course: Path) -> None:
    half_right(course)
    for words in (["check"], ["show"], []):
        with Terminal([*GRADER, *words], course, NO_COLOR="1") as terminal:
            terminal.exit_code()
            assert terminal.raw
            assert b"\x1b[3" not in terminal.raw
            assert b"\x1b[4" not in terminal.raw


def test_a_terminal_shows_colours(course: Path) -> None:
    half_right(course)
    with Terminal([*GRADER, "check"], course) as terminal:
        terminal.wait_for("✗ double")
        terminal.wait_for("Mend")
        assert b"\x1b[31m" in terminal.raw  # red


@pytest.mark.parametrize("words", [[], ["check"], ["show"], ["hint"], ["submit", "ada"]])
def test_what_goes_into_a_file_holds_no_escapes(course: Path, words: list[str]) -> None:
    half_right(course)
    done = subprocess.run(
        [*GRADER, *words], cwd=course, capture_output=True, check=False, stdin=subprocess.DEVNULL
    )
    assert done.stdout or words == ["show"]  # nothing is drawn of what is half right
    assert b"\x1b" not in done.stdout + done.stderr


def test_a_smaller_window_is_filled_again(course: Path) -> None:
    half_right(course)
    with Terminal([*GRADER, "watch"], course) as terminal:
        said = terminal.wait_for("q quit")
        terminal.resize(20, 50)
        terminal.press("r")
        terminal.wait_for("Checking double")
        said = terminal.wait_for("q quit").rpartition("[double]")[0]
        assert max(map(len, said.splitlines())) <= 50
        terminal.press("h")
        said = terminal.wait_for("q quit").rpartition("[double]")[0]
        assert max(map(len, said.splitlines())) <= 50
        terminal.press("q")
        assert terminal.exit_code() == 0
        assert terminal.is_as_it_was()


def test_ctrl_c_as_a_key_ends_it_and_gives_the_terminal_back(course: Path) -> None:
    with Terminal([*GRADER, "watch"], course) as terminal:
        terminal.wait_for("q quit")
        terminal.press("\x03")
        assert terminal.exit_code() != 0
        assert terminal.is_as_it_was()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_while_a_check_runs_ends_it_and_gives_the_terminal_back(
    course: Path, number: signal.Signals
) -> None:
    started = never_ends(course)
    with Terminal([*GRADER, "watch"], course) as terminal:
        terminal.wait_for("Checking double")
        wait_until(started.exists)
        terminal.send_signal(number)
        assert terminal.exit_code() in (128 + number, 130)
        assert terminal.is_as_it_was()


def test_ctrl_c_while_a_check_runs_ends_it_in_a_line(course: Path) -> None:
    started = never_ends(course)
    with Terminal([*GRADER, "check"], course) as terminal:
        wait_until(started.exists)
        terminal.press("\x03")
        assert terminal.exit_code() == 130
        assert b"Traceback" not in terminal.raw
        assert b"ended early" not in terminal.raw


def test_a_lost_connection_ends_it_and_its_worker(course: Path) -> None:
    with Terminal([*GRADER, "watch"], course) as terminal:
        terminal.wait_for("q quit")
        session = terminal.process.pid
        terminal.hang_up()
        terminal.process.wait(timeout=PATIENCE)
        wait_until(lambda: not _of_session(session))


def _of_session(number: int) -> list[str]:
    """The processes of a session, as /proc tells."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:  # gone just now
            continue
        if int(fields[3]) == number and fields[0] != "Z":
            found.append(path.parent.name)
    return found


def test_each_command_restores_the_terminal(course: Path) -> None:
    half_right(course)
    for words in (
        [],
        ["check"],
        ["hint"],
        ["show"],
        ["submit", "ada"],
        ["reset", "double", "--yes"],
    ):
        with Terminal([*GRADER, *words], course) as terminal:
            terminal.exit_code()
            assert terminal.is_as_it_was()
    assert (course / "ada.zip").is_file()
    assert (course / ".grader" / "backups" / "double-1.py").is_file()
