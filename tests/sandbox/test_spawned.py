"""The level `process`: what it promises, what it survives, and that it needs nothing of Linux."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from places import REPOSITORY
from poorer_machine import on_a_machine

from grader.errors import IsolationRefused, SandboxError
from grader.sandbox import interpreter
from grader.sandbox.client import Sandbox
from grader.sandbox.faults import Crashed, OutOfMemory, StudentFault, TimedOut
from grader.sandbox.interpreter import launch_spawned_worker
from grader.sandbox.levels import Isolation, SandboxLimits
from grader.sandbox.session import Session

LIMITS = SandboxLimits(0.3, 3.0, 9.0, 256 * 2**20, 4096)
STUDENT = """
import ctypes, os, sys, time
import numpy as np
def double(x): return 2 * x
def spin():
    while True: pass
def sleep(): time.sleep(60)
def leave(code): os._exit(code)
def crash(): ctypes.string_at(0)
def much(): return np.ones(10**11)
def flood():
    while True: print("x" * 1000)
def deaf():
    os.closerange(3, 64); time.sleep(60)
def orphan():
    if os.fork() == 0: time.sleep(60)
    return 1
def see(): return [sorted(os.environ), [fd for fd in range(64) if is_open(fd)], sys.argv]
def is_open(fd):
    try: os.fstat(fd)
    except OSError: return False
    return True
"""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(Isolation.PROCESS, LIMITS) as started:
        yield started


@pytest.fixture
def lesson(sandbox: Sandbox) -> Iterator[Session]:
    with Session(sandbox, "lesson", {"lesson": ("lesson.py", [STUDENT], False)}) as session:
        yield session


@pytest.mark.slow
def test_a_call_goes_there_and_back_and_so_does_a_large_array(lesson: Session) -> None:
    assert lesson.call("double", 21).value == 42
    large = np.arange(500_000.0)
    assert np.array_equal(lesson.call("double", large).value, 2 * large)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("function", "args", "kind", "words"),
    [
        ("spin", (), TimedOut, "still computing"),
        ("sleep", (), TimedOut, "not answered"),
        ("leave", (3,), Crashed, "exit code 3"),
        ("crash", (), Crashed, "signal 11"),
        ("much", (), OutOfMemory, "memory"),
        ("flood", (), TimedOut, "still computing|not answered"),
        ("deaf", (), Crashed, "broke the connection"),
    ],
)
def test_a_call_that_ends_badly_is_named_and_costs_no_other_call(
    lesson: Session, function: str, args: tuple[Any, ...], kind: type[StudentFault], words: str
) -> None:
    with pytest.raises(kind, match=words):
        lesson.call(function, *args)
    assert lesson.call("double", 4).value == 8
    assert len(lesson.output) <= LIMITS.output_bytes


@pytest.mark.slow
def test_output_from_before_the_muting_is_kept_however_late_it_comes(
    sandbox: Sandbox,
) -> None:
    """Pipes are read by threads, which this process keeps from it."""
    text = "print('loaded')\ndef say(word): print(word); return 1"
    before = sys.getswitchinterval()
    over = threading.Event()

    def keep_busy() -> None:
        while not over.is_set():
            sum(range(1_000))

    busy = threading.Thread(target=keep_busy)
    sys.setswitchinterval(0.05)
    busy.start()
    try:
        for _ in range(5):
            with Session(sandbox, "lesson", {"lesson": ("lesson.py", [text], False)}) as session:
                session.call("say", "before")
                session.mute_output()
                session.call("say", "after")
            assert bytes(session.output) == b"loaded\nbefore\n"
    finally:
        sys.setswitchinterval(before)
        over.set()
        busy.join()


def test_a_process_that_a_program_leaves_behind_is_ended_and_not_waited_for(
    lesson: Session,
) -> None:
    assert lesson.call("orphan").value == 1


def test_a_worker_inherits_nothing(lesson: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    variables, descriptors, arguments = lesson.call("see").value
    own = {"LC_ALL", "LC_CTYPE", "PYTHONHASHSEED"}
    own |= {f"{name}_NUM_THREADS" for name in ("OPENBLAS", "OMP", "MKL")}
    assert set(variables) <= own
    assert len(descriptors) == 5
    assert arguments == [""]


def test_a_variable_that_gets_through_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(interpreter._ENVIRONMENT, "SECRET", "x")
    with pytest.raises(IsolationRefused, match="a worker could see the variable SECRET"):
        Sandbox(Isolation.PROCESS, LIMITS).start()


def test_a_descriptor_that_gets_through_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    with Path(__file__).open() as file:
        passing = {"pass_fds": (file.fileno(),)}
        started = interpreter.clean_python
        passed = lambda *args: started(*args) | passing  # noqa: E731
        monkeypatch.setattr("grader.sandbox.interpreter.clean_python", passed)
        with pytest.raises(IsolationRefused, match=f"use the descriptor {file.fileno()}"):
            Sandbox(Isolation.PROCESS, LIMITS).start()


@pytest.mark.parametrize("level", Isolation)
def test_a_sandbox_that_cannot_start_says_why_and_leaves_nothing_open(
    level: Isolation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.joinpath("broken.py").write_text("raise ImportError('no such library')")
    monkeypatch.syspath_prepend(tmp_path)
    before = set(Path("/proc/self/fd").iterdir())
    for packages, reason in [(("numpy", "broken"), "no such library"),
                             (("numpy", "absent"), "`absent` of course.yaml is not")]:  # fmt: skip
        with pytest.raises(SandboxError, match=reason):
            Sandbox(level, LIMITS, packages).start()
    assert set(Path("/proc/self/fd").iterdir()) <= before
    with suppress(ChildProcessError):
        assert os.waitpid(-1, os.WNOHANG) == (0, 0), "an ended process was not waited for"


@pytest.mark.slow
def test_the_memory_of_the_process_with_the_checks_is_closed_to_the_same_user() -> None:
    student = "import os\ndef f():\n    return open(f'/proc/{os.getppid()}/mem', 'rb').fileno()"
    owner = f"""
from grader.sandbox.client import Sandbox
from grader.sandbox.levels import Isolation, SandboxLimits
from grader.sandbox.session import Session
with Sandbox(Isolation.PROCESS, SandboxLimits(5, 9, 9, 2**28, 4096)) as sandbox:
    with Session(sandbox, "l", {{"l": ("l.py", [{student!r}], False)}}) as session:
        session.call("f")
"""
    command = on_a_machine("be_ordinary()", [sys.executable, "-c", owner])
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert "PermissionError" in done.stderr


#: As on a system of another kind: what only some systems have is gone. The libraries that Python
#: and numpy themselves load are loaded before; they know which system they really run on.
ELSEWHERE = """
import ctypes, importlib.util, os, select, signal, socket, subprocess, sys, tempfile, threading
import numpy, numpy.random
for name in ("fcntl", "resource", "termios", "pwd", "grp"):
    sys.modules[name] = None
for owner, names in [
    (os, "fork pipe2 wait4 waitid killpg sched_getaffinity setsid posix_spawn"),
    (select, "poll epoll"), (socket, "AF_UNIX send_fds recv_fds SOCK_SEQPACKET"),
    (ctypes, "CDLL PyDLL"), (signal, "pthread_sigmask"),
]:
    for name in names.split():
        if hasattr(owner, name): delattr(owner, name)
sys.platform = "elsewhere"
"""


@pytest.mark.slow
def test_it_needs_nothing_that_only_some_systems_have() -> None:
    owner = f"""
{ELSEWHERE}
from grader.errors import IsolationRefused
from grader.sandbox import interpreter
from grader.sandbox.client import Sandbox
from grader.sandbox.faults import Crashed, TimedOut
from grader.sandbox.levels import Isolation, SandboxLimits
from grader.sandbox.session import Session
limits = SandboxLimits(0.3, 0.9, 9, 2**28, 4096)
try: Sandbox(Isolation.FULL, limits).start()
except IsolationRefused as refused: print(refused)
elsewhere = {ELSEWHERE!r}
boot = interpreter._BOOT.replace("from {{module}}", f"exec({{elsewhere!r}}); from {{{{module}}}}")
interpreter._BOOT = boot
text = "import os, time\\ndef f(x): return 2 * x\\ndef g(): time.sleep(9)\\ndef h(): os._exit(3)"
text += "\\ndef k(): return hasattr(os, 'fork')"
with Sandbox(Isolation.PROCESS, limits) as sandbox:
    with Session(sandbox, "lesson", {{"lesson": ("lesson.py", [text], False)}}) as session:
        print("value", session.call("f", 21).value, session.call("k").value)
        for name, kind in [("g", TimedOut), ("h", Crashed)]:
            try: session.call(name)
            except kind as fault: print(type(fault).__name__, fault)
        print("value", session.call("f", 4).value)
"""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(
        [sys.executable, "-c", owner], capture_output=True, text=True, check=False,
        env=environment, timeout=60,
    )  # fmt: skip
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "isolation `full` needs Linux. Grade there, or ask for less: --isolation process.",
        "value 42 False",
        "TimedOut it had not answered after 0.9 s",
        "Crashed the program ended itself with exit code 3",
        "value 8",
    ]


READABLE = f"""
import ctypes
from grader.sandbox.client import Sandbox
from grader.sandbox.interpreter import Packages
from grader.sandbox.levels import SandboxLimits
Sandbox.for_own_code({LIMITS!r}, Packages.find(["numpy"])).close()
print(ctypes.CDLL(None).prctl(3))  # PR_GET_DUMPABLE
"""


@pytest.mark.skipif("sys.platform != 'linux'", reason="only Linux closes a process's memory")
def test_where_all_code_is_the_users_own_no_memory_is_closed() -> None:
    done = subprocess.run(
        [sys.executable, "-c", READABLE],
        capture_output=True,
        text=True,
        check=False,
        cwd=REPOSITORY,
    )
    assert done.stdout == "1\n", done.stderr


@pytest.mark.parametrize(("ahead", "processes"), [(False, 1), (True, 2)])
def test_a_worker_is_started_ahead_where_one_more_will_be_needed(
    monkeypatch: pytest.MonkeyPatch, ahead: bool, processes: int
) -> None:
    started: list[object] = []

    def launched(*args: Any) -> subprocess.Popen[bytes]:
        started.append(args)
        return launch_spawned_worker(*args)

    monkeypatch.setattr("grader.sandbox.spawned.launch_spawned_worker", launched)
    sandbox = Sandbox.for_own_code(LIMITS, interpreter.Packages.find(["numpy"]), ahead=ahead)
    try:
        sandbox.start_worker()
        assert len(started) == processes
    finally:
        sandbox.close()


@pytest.mark.slow
def test_a_module_of_python_that_asks_how_python_was_built_can_be_imported() -> None:
    program = {"lesson": ("lesson.py", ["import numpy.testing, sysconfig\nx = 1\n"], False)}
    with Sandbox(Isolation.PROCESS, LIMITS) as sandbox, Session(sandbox, "lesson", program) as own:
        own.load()
        assert own.failures == ()
