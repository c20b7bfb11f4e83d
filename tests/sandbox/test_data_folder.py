"""The data files of a course, as student code finds them at each level."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from places import REPOSITORY
from poorer_machine import on_a_machine

from grader.sandbox import data_folder
from grader.sandbox.client import Sandbox
from grader.sandbox.data_folder import DataFolder
from grader.sandbox.faults import Raised, StudentFault
from grader.sandbox.levels import Isolation, SandboxLimits
from grader.sandbox.session import Session

LIMITS = SandboxLimits(1.0, 4.0, 8.0, 256 * 2**20, 4096)
PROGRAM = """
import os, pathlib, tempfile
import numpy as np

at_the_top = np.load("tiny.npz")["weights"]

def by_name(): return np.load("tiny.npz")["weights"]
def beside_the_file(): return pathlib.Path(__file__).with_name("words.txt").read_text()
def below(): return open("texts/one.csv").read()
def listed(): return sorted(os.listdir("."))
def scribble():
    for act in (lambda: open("words.txt", "w").write("mine"), lambda: os.remove("words.txt"),
                lambda: os.rename("words.txt", "mine.txt"), lambda: open("new.txt", "w").write("")):
        try: act()
        except OSError: pass
def is_writable(): return os.access("words.txt", os.W_OK) or os.access(".", os.W_OK)
def temporary():
    with tempfile.TemporaryFile() as file: return file.write(b"123")
"""


def tiny() -> bytes:
    file = io.BytesIO()
    np.savez(file, weights=np.arange(3.0))
    return file.getvalue()


DATA = {"tiny.npz": tiny(), "words.txt": b"to be", "texts/one.csv": b"a,b\n1,2\n"}


def open_session(sandbox: Sandbox, text: str = PROGRAM) -> Session:
    return Session(sandbox, "lesson", {"lesson": ("lesson.py", [text], False)})


@pytest.fixture(scope="module", params=Isolation)
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    with Sandbox(request.param, LIMITS, data=DATA) as sandbox:
        yield sandbox


def test_a_lesson_opens_its_data_by_name_and_beside_its_file(sandbox: Sandbox) -> None:
    with open_session(sandbox) as session:
        assert session.value("at_the_top").value.tolist() == [0, 1, 2]
        assert session.call("by_name").value.tolist() == [0, 1, 2]
        assert session.call("beside_the_file").value == "to be"
        assert session.call("below").value == "a,b\n1,2\n"
        assert session.call("listed").value == ["texts", "tiny.npz", "words.txt"]


def test_what_a_program_does_to_its_data_harms_nobody_after_it(sandbox: Sandbox) -> None:
    with open_session(sandbox) as session:
        session.call("scribble")
    with open_session(sandbox) as session:
        assert session.call("beside_the_file").value == "to be"
        assert session.call("listed").value == ["texts", "tiny.npz", "words.txt"]


def test_data_cannot_be_written_where_files_are_closed(sandbox: Sandbox) -> None:
    if sandbox.isolation is Isolation.PROCESS:
        return  # the program may write there, into a copy of its own: see above
    with open_session(sandbox) as session:
        assert not session.call("is_writable").value
        session.call("scribble")
        assert session.call("beside_the_file").value == "to be"


def test_the_room_for_temporary_files_is_still_there_where_there_is_any(sandbox: Sandbox) -> None:
    if sandbox.isolation is Isolation.FILTERED:
        return  # there is none
    with open_session(sandbox) as session:
        assert session.call("temporary").value == 3


def test_another_file_of_the_machine_stays_closed(sandbox: Sandbox, tmp_path: Path) -> None:
    if sandbox.isolation is Isolation.PROCESS:
        return  # a level that closes no files
    secret = tmp_path / "secret.txt"
    secret.write_text("no")
    program = "def read(path): return open(path).read()"
    for path in (str(secret), os.path.relpath(secret, sandbox.working_folder)):
        with open_session(sandbox, program) as session, pytest.raises(Raised):
            session.call("read", path)


def test_without_data_a_lesson_runs_where_it_ran_before() -> None:
    with Sandbox(Isolation.FULL, LIMITS) as sandbox:
        assert sandbox.working_folder == ""
        with open_session(sandbox, "import os\ndef here(): return os.getcwd()") as session:
            assert session.call("here").value == "/scratch"


@pytest.mark.slow
def test_the_copies_are_gone_once_the_sandbox_is_closed() -> None:
    for level in Isolation:
        with closing(Sandbox(level, LIMITS, data=DATA)) as sandbox:
            sandbox.start()
            folder = Path(sandbox.working_folder)
            assert folder.is_dir()
        assert not folder.exists()


ORDINARY = f"""
import sys
sys.path += [{str(Path(__file__).parent)!r}, {str(REPOSITORY / "tests/support")!r}]
from test_data_folder import *
with Sandbox(Isolation(sys.argv[1]), LIMITS, data=DATA) as sandbox:
    with open_session(sandbox) as session:
        print(session.call("by_name").value.tolist(), session.call("beside_the_file").value)
"""


@pytest.mark.slow
@pytest.mark.parametrize("level", Isolation)
def test_an_ordinary_user_finds_data_at_every_level(level: Isolation) -> None:
    command = on_a_machine("be_ordinary()", [sys.executable, "-c", ORDINARY, level.value])
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(
        command, capture_output=True, check=False, timeout=60, text=True, cwd="/", env=environment
    )
    assert done.stdout == "[0.0, 1.0, 2.0] to be\n", done.stderr


def test_a_data_file_that_is_not_there_is_the_programs_own_error(sandbox: Sandbox) -> None:
    with open_session(sandbox, "def read(): return open('other.txt').read()") as session:
        with pytest.raises(StudentFault) as caught:
            session.call("read")
        assert "No such file or directory: 'other.txt'" in str(caught.value)


@pytest.mark.skipif(sys.platform == "win32", reason="no locks on folders there")
def test_the_folder_of_a_program_that_was_killed_is_removed_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    killed = (
        "import os\nfrom grader.sandbox.data_folder import DataFolder\n"
        "DataFolder({'a': b'1'}).lay_out()\nos.kill(os.getpid(), 9)"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", killed], env=environment, check=False)
    (left,) = tmp_path.iterdir()
    others = tmp_path / "grader-data-is-a-file"
    others.write_text("mine")

    living, next_ = DataFolder({"b": b"2"}), DataFolder({"c": b"3"})
    living.lay_out()
    next_.lay_out()
    assert left.exists()  # too young: its owner may not have locked it yet
    next_.remove()
    monkeypatch.setattr(data_folder, "_LEFT_BEHIND", -1.0)
    next_.lay_out()
    assert set(tmp_path.iterdir()) == {others, Path(living.path), Path(next_.path)}
    living.remove()
    next_.remove()
    assert list(tmp_path.iterdir()) == [others]
