"""Lessons opened in a real sandbox, and limits that suit a busy machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from textwrap import dedent

from grader.sandbox.client import Sandbox
from grader.sandbox.levels import SandboxLimits
from grader.sandbox.session import Session

#: Seconds of CPU and on the clock per call, seconds per lesson, bytes of memory and of output.
#: The clock leaves room: on a busy machine it takes long to compute for a fifth of a second.
LIMITS = SandboxLimits(0.2, 20.0, 1.5, 256 * 2**20, 4096)
#: For programs that sleep: the clock is what stops them.
IMPATIENT = SandboxLimits(1.0, 1.0, 4.0, 256 * 2**20, 4096)
LONG = 30.0  # seconds: no call takes as long, on a busy machine either

OpenLesson = Callable[..., Session]


def lesson_opener(sandbox: Sandbox) -> Iterator[OpenLesson]:
    """Open a lesson with this source, and close the one before: one worker lives at a time."""
    sessions: list[Session] = []

    def open_lesson(
        *cells: str, notebook: bool = False, earlier: Mapping[str, str] | None = None
    ) -> Session:
        for session in sessions:
            session.close()
        programs = {
            name: (f"{name}.py", [dedent(text)], False) for name, text in (earlier or {}).items()
        }
        name = "lesson.ipynb" if notebook else "lesson.py"
        programs["lesson"] = (name, [dedent(cell) for cell in cells], notebook)
        sessions.append(Session(sandbox, "lesson", programs))
        return sessions[-1]

    yield open_lesson
    for session in sessions:
        session.close()
