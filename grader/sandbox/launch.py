"""The process of a worker of the level ``process``, started.

Here and not in :mod:`.spawned`, which needs numpy: who is in a hurry starts the first worker before
importing that, and both load at once.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any, Final

from grader.errors import SandboxError
from grader.sandbox.interpreter import Packages, command
from grader.sandbox.levels import SandboxLimits

_MAIN: Final = "grader.sandbox.inside.spawned"


def launch(limits: SandboxLimits, packages: Packages) -> subprocess.Popen[bytes]:
    """A new worker's process; it imports the packages, then says that it is ready.

    Raises:
        SandboxError: it cannot be started.
    """
    settings = {
        "imports": packages.names,
        "memory": limits.memory_bytes,
        "cpu_seconds": int(limits.seconds_per_lesson) + 5,
    }
    apart: dict[str, Any] = {"start_new_session": True}  # Ctrl-C is not for it
    if sys.platform == "win32":
        apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    try:
        return subprocess.Popen(
            **command(_MAIN, json.dumps(settings), packages),
            **apart,
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    except OSError as error:
        raise SandboxError(f"a worker could not be started: {error}") from error
