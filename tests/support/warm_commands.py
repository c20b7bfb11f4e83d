"""The grader's and nbgrader's commands without their imports: 0.25 s and 2.7 s of CPU time each.

A process imports what a command needs, and forks for each: the same program, in a process of its
own.
"""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile

_SERVER = """
import importlib, json, os, signal, sys
from pkgutil import resolve_name
sys.modules["rfc3987_syntax"] = None  # see tests/conftest.py
for module in sys.argv[1:]:
    importlib.import_module(module)
if "nbgrader.api" in sys.modules:
    from alembic.script import ScriptDirectory
    from nbgrader import api, dbutil
    # Of each new gradebook, nbgrader asks this in a process of its own: 3 s of CPU time.
    version = ScriptDirectory(dbutil.ALEMBIC_DIR).get_current_head()
    api.get_alembic_version = lambda: version
sys.path[0] = os.path.dirname(sys.executable)  # as for a script in that folder
for line in iter(sys.stdin.readline, ""):
    command, main, arguments, cwd, environment, seconds, outputs = json.loads(line)
    child = os.fork()
    if not child:
        signal.alarm(seconds)
        os.chdir(cwd)
        os.environ.clear()
        os.environ.update(environment)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for number, output in enumerate(outputs, start=1):
            os.dup2(os.open(output, os.O_WRONLY | os.O_APPEND), number)
        sys.argv = [os.path.join(sys.path[0], command), *arguments]
        sys.exit(resolve_name(main)())
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


_MAINS = {"nbgrader": "nbgrader.apps.nbgraderapp:main", "grader": "grader.__main__:main"}
_GRADER = ("grader.__main__", "grader.cli.instructor")
_CLASSROOM = (
    *_GRADER,
    "grader.cli.classroom",
    "grader.classroom.bulk_autograde",
    "grader.classroom.source_notebooks",
    "nbgrader.apps.nbgraderapp",
    "sqlalchemy.dialects.sqlite",
)


def run_warm_grader(
    arguments: Sequence[str], cwd: Path, environment: Mapping[str, str], seconds: int
) -> tuple[int, str, str]:
    """Run ``grader``; return the exit code and what it printed: standard output, then errors.

    Args:
        arguments: what follows it.
        cwd: where it runs.
        environment: all of its environment.
        seconds: when it is killed.
    """
    with (
        NamedTemporaryFile("w+", encoding="utf-8") as output,
        NamedTemporaryFile("w+", encoding="utf-8") as errors,
    ):
        outputs = [output.name, errors.name]
        code = _run(
            _GRADER, "grader", arguments,
            cwd=cwd, environment=environment, seconds=seconds, outputs=outputs,
        )  # fmt: skip
        return code, output.read(), errors.read()


def run_warm(
    command: str, arguments: Sequence[str], cwd: Path, environment: Mapping[str, str], seconds: int
) -> tuple[int, str]:
    """Run ``nbgrader`` or ``grader`` in a classroom; return the exit code and all that it printed.

    Args:
        command: one of the two.
        arguments: what follows it.
        cwd: where it runs.
        environment: all of its environment.
        seconds: when it is killed.
    """
    with NamedTemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        outputs = [output.name, output.name]
        code = _run(
            _CLASSROOM, command, arguments,
            cwd=cwd, environment=environment, seconds=seconds, outputs=outputs,
        )  # fmt: skip
        return code, output.read()


def _run(
    imports: tuple[str, ...],
    command: str,
    arguments: Sequence[str],
    *,
    cwd: Path,
    environment: Mapping[str, str],
    seconds: int,
    outputs: Sequence[str],
) -> int:
    server = _server(imports)
    assert server.stdin is not None
    assert server.stdout is not None
    main = _MAINS[command]
    request = (command, main, [*arguments], str(cwd), {**environment}, seconds, [*outputs])
    server.stdin.write(json.dumps(request) + "\n")
    server.stdin.flush()
    return int(server.stdout.readline())


@cache
def _server(imports: tuple[str, ...]) -> subprocess.Popen[str]:
    """The process that forks; it ends with this one."""
    server = subprocess.Popen(
        [sys.executable, "-c", _SERVER, *imports],
        env={"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(server.communicate)  # no more commands: it ends
    return server
