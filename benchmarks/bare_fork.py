"""What a fork costs that confines nothing: os.fork in a process like the zygote, and no more.

Asks on standard input, a number of forks a line; answers with a JSON list of milliseconds.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import sys
import time

import grader.sandbox.inside.zygote  # noqa: F401  (for numpy, and all else that a zygote holds)


def cycle() -> float:
    """Fork, hear from the child, kill it; return milliseconds."""
    start = time.perf_counter()
    ours, theirs = socket.socketpair()
    child = os.fork()
    if child == 0:
        theirs.send(theirs.recv(1))
        signal.pause()
        os._exit(0)
    theirs.close()
    ours.send(b"?")
    ours.recv(1)
    ours.close()
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        print(json.dumps([cycle() for _ in range(int(line))]), flush=True)
