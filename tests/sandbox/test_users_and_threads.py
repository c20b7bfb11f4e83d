"""Who a worker is where no namespace of its own says so, and how many threads it may start."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path

import pytest
from places import REPOSITORY
from poorer_machine import on_a_machine

from grader.sandbox.client import Sandbox
from grader.sandbox.inside.threads import OWN_USER
from grader.sandbox.levels import Isolation, SandboxLimits
from grader.sandbox.session import Session

LIMITS = SandboxLimits(5.0, 20.0, 20.0, 512 * 2**20, 4096)
PROGRAM = """
import os, threading, time
def who(): return [*os.getresuid(), *os.getresgid(), *os.getgroups()]
def look(source):
    try: return eval(source)
    except OSError: return "denied"
def start(count):
    threading.stack_size(32768)
    for started in range(count):
        try: threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
        except RuntimeError: return started
    return count
"""
#: Grades at a level, as whoever runs it, and prints how many threads could be started.
OWNER = f"""
import sys
from grader.sandbox.client import Sandbox
from grader.sandbox.levels import Isolation, SandboxLimits
from grader.sandbox.session import Session
with Sandbox(Isolation(sys.argv[1]), {LIMITS!r}) as sandbox:
    with Session(sandbox, "l", {{"l": ("l.py", [{PROGRAM!r}], False)}}) as session:
        print(session.call("start", 8).value, session.call("start", 340).value)
"""
#: Prints who owns the processes of a sandbox: their user, unless they leave no dump (proc(5)).
OWNERS = f"""
import os, sys
from pathlib import Path
from grader.sandbox.client import Sandbox
from grader.sandbox.levels import Isolation, SandboxLimits
def below(pid): return Path(f"/proc/{{pid}}/task/{{pid}}/children").read_text().split()
with Sandbox(Isolation(sys.argv[1]), {LIMITS!r}) as sandbox:
    worker = sandbox.start_worker()
    sandbox.cpu_seconds()  # it has been started when this has been answered
    found = below(os.getpid())
    for pid in found: found += below(pid)
    print(len(found), {{os.stat(f"/proc/{{pid}}/mem").st_uid for pid in found[-2:]}})
    print({{Path(f"/proc/{{pid}}/oom_score_adj").read_text() for pid in found[-2:]}})
    worker.close()
"""
only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes somebody else")


def run(where: str, *arguments: str) -> str:
    done = subprocess.run(
        on_a_machine(where, [sys.executable, "-c", *arguments]),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )
    return done.stdout


@only_root
def test_at_filtered_a_worker_of_root_runs_as_an_unused_user_that_may_only_read() -> None:
    program = {"lesson": ("lesson.py", [PROGRAM], False)}
    with (
        Sandbox(Isolation.FILTERED, LIMITS) as sandbox,
        closing(Session(sandbox, "lesson", program)) as session,
    ):
        (user,) = set(session.call("who").value)
        assert user in range(61184, 65520)
        statuses = []
        for file in Path("/proc").glob("[0-9]*/status"):
            with suppress(OSError):  # it has just ended
                status = dict(line.split(":\t") for line in file.read_text("utf-8").splitlines())
                if status["Uid"].split() == [str(user)] * 4:
                    statuses.append(status)
        # Landlock says what is read, not the capability that it takes in a closed folder.
        for path in ("/etc/shadow", "/etc/passwd", __file__):
            assert session.call("look", f"open({path!r}).read()").value == "denied"
    assert len(statuses) == 2  # the zygote and the worker
    closed = [path for path in Path(sys.base_prefix).parents if not path.stat().st_mode & 1]
    held = 1 << 2 if closed else 0  # CAP_DAC_READ_SEARCH
    for status in statuses:
        capabilities = {
            kind: int(status[f"Cap{kind}"], 16) for kind in ("Prm", "Eff", "Inh", "Amb")
        }
        assert capabilities == {"Prm": held, "Eff": held, "Inh": 0, "Amb": 0}


@pytest.mark.slow
@pytest.mark.parametrize("level", Isolation)
def test_an_ordinary_user_s_worker_starts_a_few_threads_and_no_flood(level: Isolation) -> None:
    few, many = map(int, run("be_ordinary()", OWNER, level.value).split())
    assert few == 8
    assert OWN_USER - 16 <= many < (OWN_USER if level is Isolation.FULL else 340)


@pytest.mark.slow
@only_root
def test_at_filtered_a_worker_of_root_starts_a_few_threads_and_no_flood() -> None:
    few, many = map(int, run("", OWNER, "filtered").split())
    assert few == 8
    assert OWN_USER - 16 <= many < 2 * OWN_USER


@pytest.mark.slow
@only_root
def test_a_root_that_may_not_become_another_user_is_refused_with_cause_and_fix() -> None:
    """Alone in a namespace, and root to the kernel, which counts no thread of it."""
    said = run("be_root_of_a_namespace()", OWNER, "filtered").splitlines()
    assert "isolation `filtered` cannot be had here: limiting threads failed" in said[-2]
    assert "Grade as an ordinary user, or give the container" in said[-1]
    assert run("be_root_of_a_namespace()", OWNER, "process").startswith("8 ")


@pytest.mark.slow
@pytest.mark.parametrize(("level", "processes"), [("full", 3), ("filtered", 2)])
def test_a_crash_starts_no_program_that_collects_dumps(level: str, processes: int) -> None:
    owners, _ = run("be_ordinary()", OWNERS, level).splitlines()
    assert owners == f"{processes} {{0}}"


@pytest.mark.slow
@pytest.mark.parametrize("level", ["full", "filtered"])
def test_where_memory_runs_out_a_students_program_ends_first(level: str) -> None:
    _, choice = run("be_ordinary()", OWNERS, level).splitlines()
    assert choice == repr({"1000\n"})


def test_threads_that_the_user_starts_elsewhere_do_not_use_up_a_workers_share() -> None:
    measured = """
import threading, time
from grader.sandbox.inside import threads
limit = threads.ThreadLimit(own_user=False)
before = limit.current()
for _ in range(100): threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
assert limit.current() == before
threads._FRESH_SECONDS = 0.0
print(limit.current() - before, flush=True)
import os; os._exit(0)
"""
    # Other programs of this user come and go meanwhile; the count is precise to 16.
    assert 50 < int(run("be_ordinary()", measured)) < 200


def test_a_lower_limit_of_the_shells_is_kept() -> None:
    measured = """
import resource
from grader.sandbox.inside import threads
limit = 2 * threads.threads_of_user()
resource.setrlimit(resource.RLIMIT_NPROC, (limit, limit))
assert threads.ThreadLimit(own_user=False).current() == min(limit, threads.threads_of_user() + 256)
assert resource.getrlimit(resource.RLIMIT_NPROC) == (limit, limit)
print("kept")
"""
    assert run("be_ordinary()", measured) == "kept\n"
