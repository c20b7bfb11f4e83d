"""The trusted end against a peer that follows no protocol: it hears no other call's answer.

Two peers: a thread at the other end of a real channel, which may do what no worker's program can
(answer before it is asked, go half-way away), and real programs in a real sandbox, which draw
what they do to their channel from the same bag.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader.sandbox import wire
from grader.sandbox.channel import Ended
from grader.sandbox.client import Sandbox
from grader.sandbox.faults import Crashed, StudentFault, TimedOut
from grader.sandbox.forked import ForkedWorker
from grader.sandbox.levels import Isolation, SandboxLimits
from grader.sandbox.session import Session

LIMITS: Final = SandboxLimits(0.2, 0.4, 1.0, 256 * 2**20, 4096)
PATIENCE: Final = 0.06  # seconds that the trusted end waits for the thread
SLACK: Final = 10.0  # seconds: a machine may be busy, but a hang lasts for ever
FEW = settings(max_examples=max(settings().max_examples // 5, 10))  # slow by the example

#: (what to do, how much of it)
Act = tuple[str, int]


# ------------------------------------------------------------------------------ a thread


@dataclass
class Peer:
    """Does its acts on the other end of a channel, one list for each request."""

    channel: socket.socket
    output: int
    tokens: list[bytes] = field(default_factory=list)
    frames: list[bytes] = field(default_factory=list)
    received: bytes = b""
    said: bytes = b""

    def do(self, *acts: Act) -> None:
        for name, much in acts:
            with suppress(OSError, ValueError):  # a closed channel, on either side
                getattr(self, name)(much)

    def read(self, _much: int) -> None:
        self.received += self.channel.recv(1 << 16)
        while len(self.received) >= wire.HEADER.size:
            (length,) = wire.HEADER.unpack_from(self.received)
            frame = self.received[wire.HEADER.size :][:length]
            if len(frame) < length:
                break
            self.tokens.append(frame[: wire.TOKEN_BYTES])
            self.received = self.received[wire.HEADER.size + length :]

    def send(self, data: bytes) -> None:
        self.said += data  # as far as it gets through, or further
        self.channel.sendall(data)

    def frame(self, much: int, which: int = -1) -> bytes:
        token = self.tokens[which] if self.tokens else bytes(wire.TOKEN_BYTES)
        self.frames.append(wire.frame(token + f"answer {len(self.frames)}".encode() + b"x" * much))
        return self.frames[-1]

    def reply(self, much: int) -> None:
        self.send(self.frame(much))

    def twice(self, much: int) -> None:
        self.send(self.frame(much) + self.frame(much))

    def late(self, much: int) -> None:
        """Answer the first request ever, whichever is open now."""
        self.send(self.frame(much, 0))

    def again(self, _much: int) -> None:
        """Say everything that was ever said once more."""
        self.send(b"".join(self.frames))

    def drip(self, much: int) -> None:
        for byte in self.frame(much % 40):
            self.send(bytes((byte,)))
            time.sleep(0.0005)

    def half(self, much: int) -> None:
        frame = self.frame(10)
        self.send(frame[: much % len(frame)])

    def header(self, much: int) -> None:
        self.send(wire.HEADER.pack(min(2**much, 2**32 - 1)))

    def nothing_framed(self, _much: int) -> None:
        self.send(wire.HEADER.pack(0))

    def noise(self, much: int) -> None:
        self.send(Random(much).randbytes(much))

    def print(self, much: int) -> None:
        os.write(self.output, b"p" * much * 100)  # the pipe's end does not block

    def close_pipe(self, _much: int) -> None:
        output, self.output = self.output, -1
        if output >= 0:
            os.close(output)

    def sleep(self, much: int) -> None:
        time.sleep(much % 20 / 1000)

    def half_close(self, _much: int) -> None:
        self.channel.shutdown(socket.SHUT_WR)

    def close(self, _much: int) -> None:
        self.channel.close()


THREAD_ACTS = st.tuples(
    st.sampled_from(
        ["read"] * 4
        + ["reply"] * 3
        + [
            "twice",
            "late",
            "again",
            "drip",
            "half",
            "header",
            "nothing_framed",
            "noise",
            "print",
            "close_pipe",
            "sleep",
        ]
        + ["close_pipe", "sleep", "half_close", "close"]
    ),
    st.integers(0, 32) | st.integers(0, 40_000),
)
SCRIPTS = st.lists(st.lists(THREAD_ACTS, max_size=6), min_size=1, max_size=3)


def against(scripts: list[list[Act]]) -> None:
    """Ask the peer once for each script; only its answer to that very request may come back."""
    ours, theirs = socket.socketpair()
    pipe, output = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
    worker = ForkedWorker(ours, pipe, LIMITS.output_bytes)
    peer = Peer(theirs, output)
    theirs.settimeout(PATIENCE)
    try:
        for script in scripts:
            thread = threading.Thread(target=peer.do, args=script)
            thread.start()
            start = time.monotonic()
            answer = None
            with suppress(TimedOut, Crashed, Ended):  # costs this student something, nobody else
                answer = worker.ask(os.urandom(10), start + PATIENCE)
            assert time.monotonic() < start + PATIENCE + SLACK
            thread.join()
            assert len(worker.output) <= LIMITS.output_bytes
            assert len(worker._received) <= wire.HEADER.size + wire.MAX_FRAME + 2**16
            if answer is not None:
                # Said with this request's token, which nobody knew before it was read.
                assert worker._token in peer.tokens
                assert worker._token + answer in peer.said
    finally:
        worker.close()
        peer.close(0)
        peer.close_pipe(0)


@pytest.mark.slow
@FEW
@given(SCRIPTS)
@example([[("read", 0), ("reply", 5)], [("late", 5)], [("read", 0), ("again", 0)]])
@example([[("reply", 5), ("read", 0), ("reply", 5)]])
@example([[("read", 0), ("twice", 40_000)], [("read", 0), ("reply", 1)]])
@example([[("read", 0), ("drip", 39)], [("sleep", 19)] * 5, [("again", 0)]])
@example([[("read", 0), ("header", 24)], [("noise", 40_000)]])
@example([[("read", 0), ("half_close", 0)], [("read", 0)]])
@example([[("close_pipe", 0), ("print", 40_000), ("read", 0), ("reply", 9)]])
def test_only_the_answer_to_the_open_request_is_ever_taken_for_one(
    scripts: list[list[Act]],
) -> None:
    against(scripts)


def test_an_honest_peer_is_heard() -> None:
    """Or the test above would hold for a trusted end that hears nothing at all."""
    ours, theirs = socket.socketpair()
    pipe, output = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
    worker, peer = ForkedWorker(ours, pipe, LIMITS.output_bytes), Peer(theirs, output)
    for much in (0, 40_000):
        thread = threading.Thread(target=peer.do, args=[("read", 0), ("drip", 3)])
        thread.start()
        answer = worker.ask(b"x" * much, time.monotonic() + SLACK)
        thread.join()
        assert wire.frame(worker._token + answer) == peer.frames[-1]
    worker.close()
    peer.close(0)
    peer.close_pipe(0)


def test_a_frame_that_is_too_short_for_a_token_is_no_answer() -> None:
    ours, theirs = socket.socketpair()
    pipe, output = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
    worker = ForkedWorker(ours, pipe, LIMITS.output_bytes)

    def answer() -> None:
        request = theirs.recv(100)
        token = request[wire.HEADER.size :][: wire.TOKEN_BYTES]
        theirs.send(wire.HEADER.pack(0) + token)

    thread = threading.Thread(target=answer)
    thread.start()
    with pytest.raises(Crashed):
        worker.ask(b"x", time.monotonic() + SLACK)
    thread.join()
    worker.close()
    theirs.close()
    os.close(output)


def flood(channel: socket.socket, stop: threading.Event) -> None:
    """Write without end, and read nothing."""
    with suppress(OSError):
        while not stop.is_set():
            channel.send(b"\0\0\0\0" * 4096)


def test_a_peer_that_writes_without_reading_fills_no_memory() -> None:
    ours, theirs = socket.socketpair()
    pipe, output = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
    worker, stop = ForkedWorker(ours, pipe, LIMITS.output_bytes), threading.Event()
    thread = threading.Thread(target=flood, args=(theirs, stop))
    thread.start()
    try:
        with pytest.raises(TimedOut):  # nobody takes the request
            worker.ask(bytes(2**23), time.monotonic() + 0.5)
        assert not worker._received
    finally:
        stop.set()
        worker.close()
        thread.join()
        theirs.close()
        os.close(output)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts descriptors in /proc")
def test_no_descriptor_is_left_open_however_it_ends() -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for act in ("close", "half_close", "close_pipe", "reply", "noise", "header"):
        against([[("read", 0), (act, 30)], [(act, 30)]])
    assert len(list(Path("/proc/self/fd").iterdir())) == before


# ------------------------------------------------------------------------------ real programs

PROGRAM: Final = """
import os, sys, threading, time
wire = sys.modules["grader.sandbox.wire"]
said = []

def token():
    frame = sys._getframe()
    while "token" not in frame.f_locals: frame = frame.f_back
    return frame.f_locals["token"]

def write(data):
    while data: data = data[os.write(3, data):]

def frame(number):
    said.append(wire.frame(token() + wire.encode(("ok", ["call", number], []))))
    return said[-1]

def act(name, much, number):
    if name == "reply": write(frame(number))
    elif name == "twice": write(frame(number) * 2)
    elif name == "earlier" and said: write(said[0])
    elif name == "all again": write(b"".join(said))
    elif name == "byte by byte":
        for byte in frame(number): os.write(3, bytes((byte,)))
    elif name == "half": write(frame(number)[:much])
    elif name == "header": write(wire.HEADER.pack(min(2 ** much, 2**32 - 1)))
    elif name == "noise": write(os.urandom(much * 100))
    elif name == "print": print("p" * much * 1000)
    elif name == "print for ever":
        def run():
            while True: os.write(1, b"p" * 60_000)
        threading.Thread(target=run, daemon=True).start()
    elif name == "answer later":
        late = frame(number)
        threading.Thread(target=lambda: (time.sleep(much / 500), write(late)), daemon=True).start()
    elif name == "drip":
        late = wire.HEADER.pack(2**20) + bytes(2**16)
        for byte in late: os.write(3, bytes((byte,))); time.sleep(0.01)
    elif name == "sleep": time.sleep(much / 1000)
    elif name == "hang": time.sleep(60)
    elif name == "spin":
        while True: pass
    elif name == "close": os.close(3)
    elif name == "reopen":
        os.close(3); os.dup2(os.open("x", os.O_RDWR | os.O_CREAT), 3)
    elif name == "close prints": os.close(1); os.close(2)
    elif name == "exit": os._exit(much)
    elif name == "raise": raise ValueError("x" * much)

def f(number, acts):
    for name, much in acts: act(name, much, number)
    return ["call", number]
"""

QUICK_ACTS: Final = [
    "reply", "twice", "earlier", "all again", "byte by byte", "half", "header", "noise", "print",
    "print for ever", "answer later", "sleep", "close prints", "raise",
]  # fmt: skip
DEADLY_ACTS: Final = ["close", "reopen", "exit", "hang", "spin", "drip"]
ACTS = st.tuples(st.sampled_from(QUICK_ACTS * 3 + DEADLY_ACTS), st.integers(0, 32))
CALLS = st.lists(st.lists(ACTS, max_size=3), min_size=1, max_size=4)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(Isolation.FULL, LIMITS) as started:
        yield started


def lesson(sandbox: Sandbox, text: str = PROGRAM) -> Session:
    return Session(sandbox, "lesson", {"lesson": ("lesson.py", [text], False)})


def outcome(call: Callable[[], Any], seconds: float) -> Any:
    """What a call gives, or the fault that it ends with; nothing else, and in time."""
    start = time.monotonic()
    try:
        return call().value
    except StudentFault as fault:
        return fault
    finally:
        assert time.monotonic() < start + seconds + SLACK


@pytest.mark.slow
@FEW
@given(CALLS)
@example([[("reply", 0)], [("earlier", 0)], []])
@example([[("twice", 0)], [], []])
@example([[("answer later", 32)], [("sleep", 32)], [("sleep", 32)]])
@example([[("half", 20)], [("reply", 0)]])
@example([[("drip", 0)], []])
@example([[("reopen", 0)], []])
def test_a_program_that_talks_out_of_turn_never_answers_another_call(
    sandbox: Sandbox, calls: list[list[Act]]
) -> None:
    with lesson(sandbox) as session:
        for number, acts in enumerate(calls):
            given = outcome(partial(session.call, "f", number, acts), 1.0)
            if isinstance(given, StudentFault):
                assert str(given)
            else:
                assert given == ["call", number]
    with lesson(sandbox, "def g(x): return 2 * x") as honest:
        assert [honest.call("g", number).value for number in range(3)] == [0, 2, 4]


def test_a_well_behaved_program_is_heard(sandbox: Sandbox) -> None:
    with lesson(sandbox) as session:
        for number, acts in enumerate(([], [("print", 3)], [("close prints", 0)], [("sleep", 3)])):
            assert session.call("f", number, acts).value == ["call", number]
