"""A program that writes to its worker's channel itself: it has returned a value, or failed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest
from sandbox_sessions import IMPATIENT, OpenLesson, lesson_opener

from grader.sandbox.client import Sandbox
from grader.sandbox.faults import Crashed, StudentFault, TimedOut
from grader.sandbox.levels import Isolation
from grader.sandbox.session import Session


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(Isolation.FULL, IMPATIENT) as started:
        yield started


@pytest.fixture
def student(sandbox: Sandbox) -> Iterator[OpenLesson]:
    yield from lesson_opener(sandbox)


FORGER = """
import os, sys, time, numpy as np
wire = sys.modules["grader.sandbox.wire"]
def token():
    frame = sys._getframe()
    while "token" not in frame.f_locals: frame = frame.f_back
    return frame.f_locals["token"]
def write(data):
    while data: data = data[os.write(3, data):]
def send(value): write(wire.frame(token() + wire.encode(value)))
def g(): return 7
"""


def settles(lesson: Session) -> bool:
    """Whether the lesson goes on as if nothing had happened, a call later at the most."""
    with suppress(Crashed):  # the program was gone after its forged answer
        lesson.call("g")
    return bool(lesson.call("g").value == 7)


def test_a_forged_reply_is_no_more_than_a_return_value(student: OpenLesson) -> None:
    lesson = student(FORGER + "def f(): send(('ok', [1, 'forged'], [])); os._exit(0)")
    assert lesson.call("f").value == [1, "forged"]
    assert settles(lesson)


SHAPES = """
() | 5 | None | "ok" | ("ok",) | ("ok", 1) | ("ok", 1, [], []) | ("ok", 1, 5) | ["ok", 1, []]
("ok", 1, [None]) | ("ok", 1, [np.zeros(2)]) | ("ok", 1, [10**2000]) | ("ok", 1, ["x"] * 999)
(np.zeros(2), 1) | (np.zeros(2), 1, []) | (np.array("ok"), 1, []) | (np.array(["ok"]), 1, [])
(None,) | ({}, []) | ([], []) | (b"ok", 1, []) | ("loaded",) | ("loaded", []) | ("loaded", [1])
("loaded", 5) | ("loaded", [("A", "B", "c", None)], False, []) | ("loaded", [], 1, [])
("loaded", [("import", None, "", [], ("A", "B", "c", (), None))], False, [])
("loaded", [], True, [])
("loaded", [("what", None, "", [], ("A", "B", "c", (), None))], False, [5])
("loaded", [np.zeros(2)]) | ("raised",) | ("raised", None) | ("raised", ())
("raised", np.zeros(4)) | ("raised", ("A", "B", "c")) | ("raised", ("A", "B", "c", None))
("raised", (1, 2, 3, 4)) | ("raised", ("A", "B", "c", (), 5))
("raised", ("A", "", "", (), ("", "", "")))
("raised", ("A", "BaseException", "c", (), ("f", True, "t"))) | ("raised", ("", "", "", (), None))
("raised", ("A", "SandboxError", "c", (), None))
("raised", ("A", "KeyboardInterrupt", "c", (), None))
("raised", ("A", "SystemExit", "0", (), None)) | ("raised", ("A", "StopIteration", "", (), None))
("raised", ("A", "B", "c", (), ("f", 10**5000, "t"))) | ("raised", ("x" * 10**6, "y", "", (), None))
("raised", ("A\\n\\x1b[2J", "ValueError", "\\0", (), ("../..", -1, "\\u202e"))) | ("missing",)
("missing", 5) | ("missing", None, None) | ("missing", "x" * 10**6) | ("unsendable",)
("missing", np.zeros(2)) | ("unsendable", None) | ("unsendable", "x" * 10**6) | ("out_of_memory",)
("out_of_memory", 1) | ("unknown", 1) | ("crashed", "x") | ("grader_error", "x") | (1, 2, 3, 4, 5)
""".replace("\n", " | ").split(" | ")[1:-1]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_forged_reply_of_any_shape_is_an_answer_or_a_fault_of_the_students(
    student: OpenLesson, shape: str
) -> None:
    lesson = student(f"{FORGER}\ndef f():\n    send({shape})\n    os._exit(0)\n")
    with suppress(StudentFault):
        assert len(lesson.call("f").changed) <= 64
    assert settles(lesson)
    lesson = student(f"{FORGER}\nsend({shape})\nos._exit(0)")
    with suppress(StudentFault):  # ("loaded", []) may well say that it was loaded
        lesson.load()


RAW = {
    "garbage": "write(b'garbage' * 9)",
    "a length alone": "write(b'\\0\\0\\0\\5'); os._exit(0)",
    "a length above the limit": "write(b'\\xff' * 4)",
    "an endless frame": "write(wire.HEADER.pack(2**24)); write(b'x' * 2**27)",
    "a frame that stops": "write(wire.HEADER.pack(2**20) + b'x'); time.sleep(60)",
    "an empty frame": "write(b'\\0' * 4)",
    "a frame of a token": "write(wire.frame(token()))",
    "another token": "write(wire.frame(bytes(8) + wire.encode(('ok', 1, []))))",
    "a closed channel": "os.close(3); time.sleep(60)",
    "a channel turned into a file": "os.dup2(os.open('x', os.O_RDWR | os.O_CREAT), 3)",
    "its own reply, twice": "send(('ok', 7, [])); return 7",
    "replies for later": "[send(('ok', 8, [])) for _ in range(99)]; return 7",
}


@pytest.mark.slow
@pytest.mark.parametrize("body", RAW.values(), ids=RAW.keys())
def test_bytes_written_past_us_cost_no_more_than_a_call_or_two(
    student: OpenLesson, body: str
) -> None:
    lesson = student(f"{FORGER}\ndef f():\n    {body}\n")
    with suppress(Crashed, TimedOut):
        assert lesson.call("f").value in {7, 8}
    with suppress(Crashed, TimedOut):
        assert lesson.call("g").value == 7
    assert lesson.call("g").value == 7
