"""nbgrader's and the grader's commands without their imports, which cost 2.7 s of CPU time each.

One process imports both, and forks for each command: the same program, in a process of its own.
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
import json, os, signal, sys
import nbgrader.apps.nbgraderapp
import grader.__main__, grader.cli.classroom, grader.classroom.bulk_autograde
MAINS = {"nbgrader": nbgrader.apps.nbgraderapp.main, "grader": grader.__main__.main}
sys.path[0] = os.path.dirname(sys.executable)  # as for a script in that folder
for line in iter(sys.stdin.readline, ""):
    command, arguments, cwd, environment, seconds, output = json.loads(line)
    child = os.fork()
    if not child:
        signal.alarm(seconds)
        os.chdir(cwd)
        os.environ.clear()
        os.environ.update(environment)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for number in (1, 2):
            os.dup2(os.open(output, os.O_WRONLY | os.O_APPEND), number)
        sys.argv = [os.path.join(sys.path[0], command), *arguments]
        sys.exit(MAINS[command]())
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


def run_warm(
    command: str, arguments: Sequence[str], cwd: Path, environment: Mapping[str, str], seconds: int
) -> tuple[int, str]:
    """Run ``nbgrader`` or ``grader``; return the exit code and all that it printed.

    Args:
        command: one of the two.
        arguments: what follows it.
        cwd: where it runs.
        environment: all of its environment.
        seconds: when it is killed.
    """
    server = _server()
    assert server.stdin is not None
    assert server.stdout is not None
    with NamedTemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        request = (command, [*arguments], str(cwd), {**environment}, seconds, output.name)
        server.stdin.write(json.dumps(request) + "\n")
        server.stdin.flush()
        code = int(server.stdout.readline())
        output.seek(0)
        return code, output.read()


@cache
def _server() -> subprocess.Popen[str]:
    """The process that forks; it ends with this one."""
    server = subprocess.Popen(
        [sys.executable, "-c", _SERVER],
        env={"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(server.communicate)  # no more commands: it ends
    return server
