"""A worker of the level ``process``: a program of its own, on any system.

It imports nothing that a system may lack. Requests come from its standard input, and replies go to
its standard output. Both move to other descriptors before student code runs. What that prints goes
to the standard error.
"""

from __future__ import annotations

import json
import os
import queue
import random
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from functools import partial
from typing import Any, Final, NoReturn

import numpy as np

from grader.sandbox import wire
from grader.sandbox.inside import limits, worker
from grader.sandbox.inside.preloading import import_packages

_FAILED: Final = 70  # EX_SOFTWARE: the worker itself failed, or was broken by its student


def main(encoded_settings: str) -> NoReturn:
    """Serve requests until the trusted end is gone.

    Args:
        encoded_settings: imports, memory and CPU time, as JSON.
    """
    requests, replies = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    try:
        in_force = _set_up(json.loads(encoded_settings))
        worker.write_frame(replies, wire.NO_TOKEN)
        open_descriptors = frozenset({0, 1, 2, requests, replies})
        preflight = partial(find_broken_promises, in_force, open_descriptors)
        worker.serve(_listen(requests), replies, preflight)
    except limits.LimitTooLow as too_low:
        print(too_low, file=sys.stderr, flush=True)  # noqa: T201  (the trusted end reads it)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(_FAILED)


def find_broken_promises(
    in_force: dict[int, int], open_descriptors: frozenset[int], _secrets: list[str]
) -> list[str]:
    """Name the promises of the level ``process`` that are broken in this process.

    The level promises a process that inherits no variable and no descriptor and cannot raise its
    limits. It does not promise to keep files, the network and other processes out of reach.
    """
    from grader.sandbox.inside.forbidden_acts import foreign_variables  # noqa: PLC0415

    worked = [f"see the variable {name}" for name in foreign_variables()]
    for descriptor in set(range(256)) - open_descriptors:
        try:
            os.fstat(descriptor)
        except OSError:
            continue
        worked.append(f"use the descriptor {descriptor}")
    return worked + [f"exceed {name}" for name in limits.not_in_force(in_force)]


def _set_up(settings: dict[str, Any]) -> dict[int, int]:
    threads = _thread_limit()  # first, while the process is small and a fork is quick
    import_packages(settings["imports"])
    sys.argv = [""]
    stdout: Any = sys.stdout
    stdout.reconfigure(line_buffering=True, errors="backslashreplace")
    # The student does not pay for the time of these imports.
    used = int(time.process_time()) + 1
    in_force = limits.worker_limits(settings["memory"], settings["cpu_seconds"] + used, threads)
    limits.apply(in_force)
    # The same numbers for every student.
    random.seed(0)
    np.random.seed(0)
    return in_force


def _thread_limit() -> int | None:
    """How many threads the user may have; ``None`` if the system cannot count or limit them."""
    if sys.platform != "linux":
        return None
    from grader.sandbox.inside.threads import ThreadLimit  # noqa: PLC0415

    try:
        return ThreadLimit(own_user=False).current()
    except OSError:
        return None


def _listen(channel: int) -> Iterator[bytes]:
    """Yield requests as they come; end this process, whatever it does, when they end."""
    arrived: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def listen() -> None:
        while (data := worker.read_frame(channel)) is not None:
            arrived.put(data)
        os._exit(0)

    threading.Thread(target=listen, daemon=True).start()
    while True:
        yield arrived.get()
