"""What a worker can see and reach at each level, and what is left when it is all over."""

from __future__ import annotations

import os
import platform
import resource
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from places import REPOSITORY
from poorer_machine import ORDINARY_USER, WITHOUT_NAMESPACES, on_a_machine

from grader.errors import IsolationRefused, SandboxError
from grader.sandbox import wire
from grader.sandbox.client import Sandbox
from grader.sandbox.levels import Isolation, SandboxLimits
from grader.sandbox.session import Session

MOUNTS = Path("/proc/self/mounts")
LIMITS = SandboxLimits(1.0, 2.0, 4.0, 256 * 2**20, 4096)
CANARY = "canary-7f3a91"

STUDENT = """
import ctypes, errno, os, resource, sys
def look(source):
    try: return eval(source)
    except OSError as error: return errno.errorcode.get(error.errno, "OSError")
def everything():
    return [os.path.join(folder, name)
            for folder, folders, files in os.walk("/") for name in folders + files]
def fill(count, size):
    written = 0
    try:
        for number in range(count):
            with open(f"file {number}", "wb", 0) as file: written += file.write(bytes(size))
    except OSError as error: return written, errno.errorcode[error.errno]
    return written, ""
def do(source): exec(source)
def memory_holds(backwards):  # so that the question itself is not found
    import gc
    return backwards[::-1] in repr([gc.get_objects(), sys.argv, sys.orig_argv, dict(os.environ)])
"""


def open_session(sandbox: Sandbox, text: str = STUDENT) -> Session:
    return Session(sandbox, "lesson", {"lesson": ("lesson.py", [text], False)})


def state_and_parent(pid: int) -> tuple[str, int]:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        return "Z", 0
    state, parent, *_ = stat.rpartition(")")[2].split()
    return state, int(parent)


def descendants(pid: int) -> set[int]:
    """All living processes below one, by their id on this machine."""
    seen = {int(folder.name): folder for folder in Path("/proc").glob("[0-9]*")}
    parents = {n: above for n in seen for state, above in [state_and_parent(n)] if state != "Z"}
    found: set[int] = set()
    while new := {child for child, above in parents.items() if above in {pid, *found}} - found:
        found |= new
    return found


def gone(pids: set[int]) -> bool:
    """Whether all these processes end within a second."""
    end = time.monotonic() + 1
    while alive := {pid for pid in pids if state_and_parent(pid)[0] != "Z"}:
        if time.monotonic() > end:
            for pid in alive:
                os.kill(pid, signal.SIGKILL)
            return False
        time.sleep(0.01)
    return True


Look = Callable[[str], Any]


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox whose owner has canaries in its environment, its memory and beside its course."""
    secret = tmp_path_factory.mktemp("course") / CANARY
    secret.write_text(CANARY)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADER_CANARY", CANARY)
        with Sandbox(Isolation.FULL, LIMITS, secrets=[secret, REPOSITORY]) as started:
            yield started


@pytest.fixture
def look(sandbox: Sandbox) -> Iterator[Look]:
    """Evaluate an expression in a worker; of an OSError, the name."""
    with open_session(sandbox) as session:
        yield lambda source: session.call("look", source).value


#: Places that a worker has, and the folders on the way to them, which may have any name.
KEPT = (sys.prefix, sys.base_prefix, "/usr", "/lib", "/dev/", "/etc/ld.so.cache", "/scratch")
ON_THE_WAY = {str(folder) for place in KEPT for folder in Path(place).parents}
ON_THE_WAY_PARTS = {part for place in KEPT for part in Path(place).parts}
HOST_PATHS = [
    "/proc/self/environ", "/proc/1/mem", "/etc/passwd", "/etc/hostname", "/sys", "/home", "/tmp/x",
    str(Path.home() / ".bashrc"), __file__, str(REPOSITORY / "solutions"), "/dev/mem", "/dev/tty",
    "/dev/pts", "/dev/shm", "/run", "/var/log", "/.host", "/../etc/shadow", "/boot",
]  # fmt: skip


def test_no_file_of_the_host_is_visible_but_the_interpreters(look: Look) -> None:
    paths = look("everything()")
    parts = {part for path in paths for part in path.split("/")} - ON_THE_WAY_PARTS
    assert not parts & {CANARY, ".ssh", ".git", "passwd", "shadow", "course.yaml", "proc", "sys"}
    folders = ON_THE_WAY | {"/etc", "/dev"}
    assert [path for path in paths if not path.startswith(KEPT) and path not in folders] == []


@pytest.mark.parametrize("path", [path for path in HOST_PATHS if path not in ON_THE_WAY])
def test_a_path_of_the_host_is_not_there(look: Look, path: str) -> None:
    assert look(f"os.open({path!r}, os.O_RDONLY)") in {"ENOENT", "EACCES"}


def test_nothing_but_the_scratch_folder_can_be_written(look: Look) -> None:
    name = secrets.token_hex()  # of no folder on the way to the interpreter
    for folder in ("/", "/tmp", "/dev", "/etc", "/usr", sys.base_prefix, "/var/tmp"):
        outcome = look(f"os.open({f'{folder}/{name}'!r}, os.O_WRONLY | os.O_CREAT)")
        assert outcome in {"EROFS", "EACCES", "ENOENT", "EPERM"}, folder
    assert look("os.open(os.__file__, os.O_RDWR)") in {"EROFS", "EACCES"}


def test_the_environment_arguments_and_memory_hold_no_canary(look: Look) -> None:
    names = set(look("list(os.environ)"))
    assert names <= {"LC_ALL", "LC_CTYPE", "PYTHONHASHSEED", *names & {
        f"{library}_NUM_THREADS" for library in ("OPENBLAS", "OMP", "MKL")}}  # fmt: skip
    assert look("sys.argv") == [""]
    assert look(f"memory_holds({'OPENBLAS_NUM'[::-1]!r})") is True
    for secret in (CANARY, "PYTEST_CURRENT_TEST", "course.yaml", "conftest"):
        assert look(f"memory_holds({secret[::-1]!r})") is False, secret


def test_only_four_descriptors_are_open_and_none_leads_to_a_file(look: Look) -> None:
    opened = "[fd for fd in range(1024) if look(f'os.fstat({fd}).st_mode') != 'EBADF']"
    assert look(opened) == [0, 1, 2, 3]
    assert look("os.read(0, 1)") == b""
    assert look("os.readlink('/proc/self/fd/0')") == "ENOENT"


def test_there_is_no_other_process_to_be_seen_or_signalled(look: Look) -> None:
    assert 1 < look("os.getpid()") < 1000
    assert look("os.getppid()") == 1
    for pid in (0, 1, -1, os.getpid()):
        assert look(f"os.kill({pid}, 0)") == "EPERM"


def test_the_worker_is_nobody_on_a_host_of_no_name(look: Look) -> None:
    assert look("[*os.getresuid(), *os.getresgid()]") == [65534] * 6
    assert set(look("os.getgroups()")) <= {65534}
    assert look("os.uname().nodename") == "sandbox" != platform.node()


def test_limits_are_in_force_and_cannot_be_raised(look: Look) -> None:
    for name, most in [("AS", 4 * 2**30), ("CPU", 60), ("NOFILE", 64), ("FSIZE", 2**24),
                       ("CORE", 0), ("NPROC", 64), ("MEMLOCK", 0)]:  # fmt: skip
        soft, hard = look(f"list(resource.getrlimit(resource.RLIMIT_{name}))")
        assert 0 <= soft == hard <= most, name
    with pytest.raises(ValueError, match="limit"):
        look("resource.setrlimit(resource.RLIMIT_NOFILE, (65, 65))")
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[1] > 64  # ours are untouched


def namespace(pid: int | str, kind: str) -> Path | None:
    with suppress(OSError):  # only root may look
        return Path(f"/proc/{pid}/ns/{kind}").readlink()
    return None


def test_the_namespaces_are_its_own_and_its_network_is_down(sandbox: Sandbox) -> None:
    sandbox.cpu_seconds()  # an answer: the worker of the test before is gone
    if os.geteuid() != 0:
        pytest.skip("the kernel shows the sandbox's namespaces to root alone")
    ours = (None, namespace("self", "mnt"))
    apart = [pid for pid in descendants(os.getpid()) if namespace(pid, "mnt") not in ours]
    assert apart
    for kind in ("user", "net", "ipc", "uts", "mnt"):
        assert namespace("self", kind) not in {namespace(pid, kind) for pid in apart}
    for pid in apart:
        network = Path(f"/proc/{pid}/net")
        devices = network.joinpath("dev").read_text().splitlines()[2:]
        assert [line.split(":")[0].strip() for line in devices] in ([], ["lo"])
        assert network.joinpath("route").read_text().count("\n") <= 1  # its heading
        assert network.joinpath("if_inet6").read_text() == ""  # an interface that is up has one


def test_the_scratch_folder_is_capped_in_bytes_and_files(sandbox: Sandbox) -> None:
    with open_session(sandbox) as session:
        written, error = session.call("fill", 4, 6 * 2**20).value
        assert written <= 2**24
        assert error in {"ENOSPC", "EFBIG"}
    with open_session(sandbox) as session:
        assert session.call("fill", 10_000, 0).value == (0, "ENOSPC")
        assert 100 < session.call("look", "len(os.listdir('.'))").value < 1000


LEFTOVERS = {
    "a file": "open('x', 'w').write('x')",
    "a full folder": "fill(10_000, 0)",
    "a folder that nobody may enter": "os.mkdir('x', 0)",
    "a folder that nobody may list": "os.mkdir('x', 0o300); open('x/y', 'w')",
    "a folder that nobody may write": "os.mkdir('x', 0o700); os.mkdir('x/z', 0o500)",
    "a file that nobody may read": "os.open('x', os.O_CREAT | os.O_WRONLY, 0)",
    "folders in folders": "[(os.mkdir('x' * 250), os.chdir('x' * 250)) for _ in range(240)]",
    "a file still open": "global file; file = open('x', 'wb', 0); file.write(bytes(2**20))",
}


@pytest.mark.parametrize("leave", LEFTOVERS.values(), ids=LEFTOVERS.keys())
def test_the_next_student_finds_an_empty_scratch_folder(leave: str) -> None:
    with Sandbox(Isolation.FULL, LIMITS) as sandbox:
        for _ in range(2):
            with open_session(sandbox) as session:
                assert session.call("look", "os.listdir('.')").value == []
                assert session.call("look", "os.getcwd()").value == "/scratch"
                assert session.call("do", leave).value is None


ACTS = {"write outside", "socket", "start a process", "run a program", "signal", "trace", "read"}


def run_preflight(sandbox: Sandbox, path: Path) -> list[str]:
    with closing(sandbox.start_worker()) as worker:
        reply = worker.ask(wire.encode(("preflight", [str(path)])), time.monotonic() + 30)
        acts: list[str] = wire.decode(reply)[1]
    sandbox.end_worker()
    return acts


def test_the_preflight_finds_every_act_that_a_bare_process_manages(tmp_path: Path) -> None:
    ask = "from grader.sandbox.inside.forbidden_acts import find_working_acts as acts"
    ask += (
        "; import signal"
        "; signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})"  # would stop what is traced
    )
    worked = run([sys.executable, "-c", f"{ask}; print(acts(['{tmp_path}']))"])
    assert {act for act in ACTS if act not in worked} == set()


@pytest.mark.parametrize("level", [Isolation.FULL, Isolation.FILTERED])
def test_none_of_these_acts_works_in_a_confined_worker(level: Isolation, tmp_path: Path) -> None:
    with Sandbox(level, LIMITS, secrets=[tmp_path]) as sandbox:
        assert run_preflight(sandbox, tmp_path) == []


def test_a_secret_path_that_can_be_read_is_a_refusal() -> None:
    with pytest.raises(IsolationRefused, match=r"does not hold here: .* read /dev/null"):
        Sandbox(Isolation.FULL, LIMITS, secrets=[Path("/dev/null")]).start()


@pytest.mark.parametrize("level", Isolation)
def test_close_leaves_no_process_and_no_mount(level: Isolation) -> None:
    before, mounted = descendants(os.getpid()), MOUNTS.read_text()
    sandbox = Sandbox(level, LIMITS)
    sandbox.start()
    session = open_session(sandbox)
    assert session.call("look", "7").value == 7
    started = descendants(os.getpid()) - before
    assert len(started) >= 2
    sandbox.close()
    assert gone(started)
    assert MOUNTS.read_text() == mounted
    with suppress(SandboxError):
        session.close()


def test_a_closed_sandbox_may_be_closed_again_and_says_that_it_is_closed() -> None:
    sandbox = Sandbox(Isolation.PROCESS, LIMITS)
    sandbox.start()
    sandbox.close()
    sandbox.close()
    with pytest.raises(SandboxError):
        open_session(sandbox).call("look", "7")


OWNER = """
import sys, threading
from grader.sandbox import wire
from grader.sandbox.client import Sandbox
from grader.sandbox.levels import Isolation, SandboxLimits
from grader.sandbox.session import Session
def main(level):
    try:
        with Sandbox(Isolation(level), SandboxLimits(60, 60, 60, 2**28, 4096)) as sandbox:
            text = "import os, time\\ndef f(): return os.getuid()\\ndef g(): time.sleep(60)"
            session = Session(sandbox, "lesson", {"lesson": ("lesson.py", [text], False)})
            print("uid", session.call("f").value, flush=True)
            if "sleep" in sys.argv: session.call("g")
    except Exception as error:
        print(type(error).__name__, error, flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize("level", Isolation)
def test_nothing_outlives_an_owner_that_is_killed(level: Isolation) -> None:
    command = [sys.executable, "-c", f"{OWNER}\nmain({level.value!r})", "sleep"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=REPOSITORY) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline().startswith(b"uid")
        time.sleep(0.1)
        below = descendants(owner.pid)
        assert len(below) >= 2
        owner.kill()
    assert gone(below)


@pytest.mark.slow
def test_a_sandbox_outlives_the_thread_that_started_it() -> None:
    code = f"""{OWNER}
sandbox = Sandbox(Isolation.FULL, SandboxLimits(1, 2, 4, 2**28, 4096))
thread = threading.Thread(target=sandbox.start); thread.start(); thread.join()
print(Session(sandbox, "lesson", {{"lesson": ("l.py", ["def f(): return 7"], False)}}).call("f"))
"""
    assert "value=7" in run([sys.executable, "-c", code])


def run(command: list[str], **options: Any) -> str:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=20,
        text=True, cwd="/", env=environment, **options,
    )  # fmt: skip
    return str(done.stdout)


def launch(before: str, level: Isolation) -> str:
    return run(on_a_machine(before, [sys.executable, "-c", f"{OWNER}\nmain({level.value!r})"]))


@pytest.mark.parametrize("level", Isolation)
def test_an_ordinary_user_gets_every_level(level: Isolation) -> None:
    uid = 65534 if level is Isolation.FULL else os.geteuid() or ORDINARY_USER
    assert launch("be_ordinary()", level) == f"uid {uid}\n"


STEPS = {  # call: (its numbers on two machines, the step that must name it)
    "unshare": (272, 97, "leaving the host's namespaces"),
    "sethostname": (170, 161, "building a root"),
    "mount": (165, 40, "building a root"),
    "capset": (126, 91, "giving up privileges"),
    "landlock_create_ruleset": (444, 444, "Landlock"),
    "landlock_restrict_self": (446, 446, "Landlock"),
    "seccomp": (317, 277, "seccomp"),
}
FILTERS = [call for call in STEPS if call.startswith(("landlock", "seccomp"))]
CASES = [(Isolation.FULL, call) for call in STEPS if call not in FILTERS[:1]]
CASES += [(Isolation.FILTERED, call) for call in FILTERS]


@pytest.mark.slow
@pytest.mark.parametrize(("level", "call"), CASES)
def test_a_step_that_the_machine_refuses_is_named_and_nothing_weaker_is_taken(
    level: Isolation, call: str
) -> None:
    *numbers, step = STEPS[call]
    said = launch(f"be_ordinary(); deny({numbers[platform.machine() == 'aarch64']})", level)
    assert said.startswith(f"IsolationRefused isolation `{level}` cannot be had here: {step}")


@pytest.mark.slow
def test_a_machine_without_user_namespaces_has_the_filtered_level_and_says_so() -> None:
    said = launch(WITHOUT_NAMESPACES, Isolation.FULL)
    assert said.startswith("IsolationRefused")
    assert "leaving the host's namespaces failed" in said
    assert launch(WITHOUT_NAMESPACES, Isolation.FILTERED) == "uid 0\n"
