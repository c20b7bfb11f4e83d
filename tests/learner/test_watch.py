"""`grader watch` in a real pseudo-terminal, as a student drives it: saving, pressing keys."""

from __future__ import annotations

import os
import queue
import shlex
import shutil
import signal
import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest
from terminals import PATIENCE, Terminal, wait_until
from tiny_course import CourseWriter

from grader.authoring.build import build
from grader.course import Course, Lesson
from grader.learner.save_watcher import SaveWatcher
from grader.learner.workbook import Workbook

WATCH = [sys.executable, "-m", "grader", "watch"]
RIGHT = "def {0}(x):\n    return 2 * x\n"
WRONG = "def {0}(x):\n    return x + 1\n"
HINTS = ["What is twice?", "Look at the `+`.", "`2 * x`"]

pytestmark = pytest.mark.slow


@pytest.fixture
def course(tiny_course: CourseWriter) -> Path:
    folder = tiny_course(
        lessons=[
            {"id": "double", "points": 4, "hints": {"double": HINTS}},
            {"id": "twice", "points": 4},
        ]
    )
    build(Course.load(folder))
    return folder


def save(course: Path, lesson: str, text: str) -> None:
    (course / "exercises" / f"{lesson}.py").write_text(text.format(lesson))


@pytest.mark.parametrize("options", [[], ["--poll"]], ids=["events", "polling"])
def test_save_verdict_hint_next_quit(course: Path, options: list[str]) -> None:
    with Terminal([*WATCH, *options], course) as terminal:
        assert "double: not started" in terminal.wait_for("q quit")
        assert terminal.takes_single_keys()
        save(course, "double", WRONG)
        said = terminal.wait_for("q quit")
        assert "called     double(x)" in said
        for number, step in enumerate(HINTS, start=1):
            terminal.press("h")
            said = terminal.wait_for("q quit")
            assert f"hint {number} of 3" in said
            assert step in said
        save(course, "double", RIGHT)
        assert "all 3 checks passed" in terminal.wait_for("Press n for the next lesson.")
        terminal.wait_for("q quit")
        terminal.press("n")
        assert "twice: not started" in terminal.wait_for("[twice]")
        terminal.press("q")
        assert terminal.exit_code() == 0
        assert terminal.is_as_it_was()


def test_events_alone_report_a_save(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.learner.save_watcher._POLL_SECONDS", 10 * PATIENCE)
    told: queue.Queue[list[Lesson]] = queue.Queue()
    numbers = count()

    def saved() -> bool:  # again and again, for nobody tells when the system begins to watch
        save(course, "twice", f"# {next(numbers)}\n")
        return not told.empty()

    with SaveWatcher(Workbook(Course.load(course)), told.put):
        wait_until(saved)
    assert [lesson.id for lesson in told.get()] == ["twice"]


def test_the_lesson_that_is_saved_is_the_one_that_is_checked(course: Path) -> None:
    with Terminal(WATCH, course) as terminal:
        terminal.wait_for("[double]")
        save(course, "twice", RIGHT)
        assert "all 3 checks passed" in terminal.wait_for("[twice]")
        terminal.press("1")
        terminal.wait_for("[double]")
        terminal.press("l")
        assert "✓ 2 twice" in terminal.wait_for("[double]")


def test_reset_asks_for_a_second_press(course: Path) -> None:
    with Terminal(WATCH, course) as terminal:
        save(course, "double", WRONG)
        terminal.wait_for("called ")
        terminal.wait_for("q quit")
        terminal.press("x")
        terminal.wait_for("Press x again")
        terminal.press("r")
        terminal.wait_for("called ")
        terminal.wait_for("q quit")
        terminal.press("x")
        terminal.wait_for("Press x again")
        terminal.press("x")
        terminal.wait_for("is as it was at the start")
        assert "NotImplementedError" in (course / "exercises" / "double.py").read_text()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_the_terminal_is_restored_when_a_signal_ends_it(
    course: Path, number: signal.Signals
) -> None:
    with Terminal(WATCH, course) as terminal:
        terminal.wait_for("q quit")
        assert terminal.takes_single_keys()
        terminal.send_signal(number)
        assert terminal.exit_code() != 0
        assert terminal.is_as_it_was()


def test_the_terminal_is_restored_after_a_crash_of_ours(course: Path) -> None:
    crash = (
        "import sys; from grader.cli import main, watch; "
        "watch.Watching.press = lambda *_: 1 / 0; sys.exit(main(['watch']))"
    )
    with Terminal([sys.executable, "-c", crash], course) as terminal:
        terminal.wait_for("q quit")
        terminal.press("r")
        assert terminal.exit_code() != 0
        assert terminal.is_as_it_was()


def test_a_stopped_program_gives_the_terminal_back_and_goes_on(course: Path) -> None:
    script = f"set -m; {shlex.join(WATCH)}; echo STOPPED; read line; fg; echo END"
    with Terminal(["sh", "-c", script], course) as terminal:
        terminal.wait_for("q quit")
        terminal.press("\x1a")  # Ctrl-Z
        terminal.wait_for("STOPPED")
        assert terminal.is_as_it_was()
        terminal.press("\n")
        wait_until(terminal.takes_single_keys)
        terminal.press("q")
        terminal.wait_for("END")


def test_a_file_that_does_not_compile_or_is_gone_does_not_end_it(course: Path) -> None:
    with Terminal(WATCH, course) as terminal:
        terminal.wait_for("q quit")
        save(course, "double", "def {0}(x)\n")
        terminal.wait_for("does not compile")
        (course / "exercises" / "double.py").unlink()
        terminal.wait_for("missing")
        save(course, "double", RIGHT)
        terminal.wait_for("all 3 checks passed")


def test_arrows_and_pasted_text_do_nothing(course: Path) -> None:
    with Terminal(WATCH, course) as terminal:
        terminal.wait_for("q quit")
        terminal.press("\x1b[A")
        terminal.press("ä§%")
        terminal.press("q")
        assert terminal.exit_code() == 0


def test_it_watches_without_a_terminal(course: Path, tmp_path: Path) -> None:
    with (tmp_path / "out").open("w+") as out:
        process = subprocess.Popen(WATCH, cwd=course, stdin=subprocess.DEVNULL, stdout=out)
        try:
            seen = (tmp_path / "out").read_text
            wait_until(lambda: "waiting for you to save" in seen())
            save(course, "double", RIGHT)
            wait_until(lambda: "all 3 checks passed" in seen())
            assert "\x1b" not in seen()
        finally:
            process.kill()
            process.wait()


def test_it_works_in_tmux(course: Path, tmp_path: Path) -> None:
    if shutil.which("tmux") is None:
        pytest.skip("tmux is not installed here")
    tmux = ["tmux", "-S", str(tmp_path / "socket"), "-f", "/dev/null"]

    def screen() -> str:
        done = subprocess.run(
            [*tmux, "capture-pane", "-p"], check=False, capture_output=True, text=True
        )
        return done.stdout

    command = f"cd {shlex.quote(str(course))} && {shlex.join(WATCH)}; echo ended; cat"
    subprocess.run(
        [*tmux, "new-session", "-d", "-x", "100", "-y", "40", command],
        check=True,
        env=os.environ | {"LC_ALL": "C.UTF-8", "SHELL": "/bin/sh"},
    )
    try:
        wait_until(lambda: "q quit" in screen())
        save(course, "double", RIGHT)
        wait_until(lambda: "all 3 checks passed" in screen())
        subprocess.run([*tmux, "send-keys", "q"], check=True)
        wait_until(lambda: "ended" in screen())
    finally:
        subprocess.run([*tmux, "kill-server"], check=False)
