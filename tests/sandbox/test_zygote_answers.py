"""A zygote that answers nonsense: one sentence, no traceback, and no process is left."""

from __future__ import annotations

import os
import sys
from typing import Any

import numpy as np
import pytest

from grader.errors import IsolationRefused, SandboxError
from grader.sandbox import forked, interpreter, wire
from grader.sandbox.client import Sandbox
from grader.sandbox.levels import Isolation, SandboxLimits

LIMITS = SandboxLimits(1.0, 2.0, 4.0, 256 * 2**20, 4096)
READY = wire.encode(("ready",))

#: A program in the zygote's place: it answers each packet by the next of its own.
IMPOSTOR = """
import socket, sys
control = socket.socket(fileno=int(sys.argv[1]))
for answer in sys.argv[2:]:
    control.recv(1 << 16)
    control.send(bytes.fromhex(answer))
control.recv(1 << 16)
"""
NONSENSE = {
    "garbage": b"garbage",
    "half a packet": READY[:-1],
    "a packet and more": READY + b"\0",
    "no tuple": wire.encode("ready"),
    "an empty tuple": wire.encode(()),
    "an unknown kind": wire.encode(("unready",)),
    "a kind that is no text": wire.encode((np.zeros(2),)),
    "an answer for later": wire.encode(("ended", 0, 0, False, 0.0)),
    "too much": wire.encode(("ready", 1)),
    "too little": wire.encode(("refused", "step")),
    "another type": wire.encode(("refused", "step", "1", "reason")),
}


@pytest.fixture
def impostor(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Put a program with these answers in the zygote's place."""
    command = interpreter.clean_python

    def prepare(*answers: bytes) -> Sandbox:
        def other(module: str, argument: str, packages: Any) -> dict[str, Any]:
            words = [sys.executable, "-c", IMPOSTOR, argument, *(it.hex() for it in answers)]
            return command(module, argument, packages) | {"args": words}

        monkeypatch.setattr(forked, "clean_python", other)
        return Sandbox(Isolation.FILTERED, LIMITS)

    return prepare


def no_child_is_left() -> bool:
    try:
        return os.waitpid(-1, os.WNOHANG) == (0, 0)
    except ChildProcessError:
        return True


@pytest.mark.parametrize("answer", NONSENSE.values(), ids=NONSENSE.keys())
def test_nonsense_at_the_start_is_one_sentence(impostor: Any, answer: bytes) -> None:
    with pytest.raises(SandboxError, match="answered what it never does"):
        impostor(answer).start()
    assert no_child_is_left()


@pytest.mark.parametrize("answer", NONSENSE.values(), ids=NONSENSE.keys())
def test_nonsense_about_a_worker_is_one_sentence(impostor: Any, answer: bytes) -> None:
    workers = forked.ForkedWorkers(Isolation.FILTERED, LIMITS, interpreter.Packages.find(["numpy"]))
    impostor(READY, answer if b"ended" not in answer else b"?", READY)
    workers.start()
    with pytest.raises(SandboxError, match="answered what it never does"):
        workers.end_worker()
    with pytest.raises(SandboxError, match="answered what it never does"):
        workers.cpu_seconds()
    workers.close()
    assert no_child_is_left()


def test_answers_in_order_are_heard(impostor: Any) -> None:
    with pytest.raises(IsolationRefused, match="Landlock failed"):
        impostor(wire.encode(("refused", "Landlock", 38, "not there"))).start()
    with pytest.raises(SandboxError, match="under a limit"):
        impostor(wire.encode(("failed", "started under a limit"))).start()
    assert no_child_is_left()
