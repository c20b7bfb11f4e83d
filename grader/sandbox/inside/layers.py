"""Tries the layers of the confinement one by one, each in a process of its own.

``python -m grader.sandbox.inside.layers`` prints JSON: {layer: null if it works, else [error
number, reason]}. A level needs several layers; this shows which one is missing.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from typing import Final

from grader.sandbox.inside import landlock, namespaces, seccomp, syscalls

_REC_PRIVATE: Final = 1 << 14 | 1 << 18


def main() -> None:
    """Try all layers, and print the outcomes."""
    json.dump({name: _attempt(act) for name, act in LAYERS.items()}, sys.stdout)


def _in_user_namespace(flag: int) -> Callable[[], object]:
    return lambda: syscalls.unshare(namespaces.NEWUSER | flag)


def _mount() -> None:
    syscalls.unshare(namespaces.NEWUSER | namespaces.NEWNS)
    syscalls.mount("", "/", "", _REC_PRIVATE)


def _landlock() -> None:
    syscalls.forbid_new_privileges()
    landlock.restrict(["/"])


def _seccomp() -> None:
    syscalls.forbid_new_privileges()
    seccomp.loader(seccomp.worker_layer())()


LAYERS: Final[Mapping[str, Callable[[], object]]] = {
    "user namespace": lambda: syscalls.unshare(namespaces.NEWUSER),
    "mount namespace": _mount,
    "process namespace": _in_user_namespace(namespaces.NEWPID),
    "network namespace": _in_user_namespace(namespaces.NEWNET),
    "Landlock": _landlock,
    "seccomp": _seccomp,
}


def _attempt(act: Callable[[], object]) -> tuple[int, str] | None:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            act()
        except OSError as error:
            os.write(writing, json.dumps((error.errno or 0, str(error))).encode())
        except BaseException as error:
            os.write(writing, json.dumps((0, str(error))).encode())
        os._exit(0)
    os.close(writing)
    with open(reading, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    if status:
        return 0, f"a process that tried it ended with status {status}"
    return tuple(json.loads(said)) if said else None


if __name__ == "__main__":
    main()
