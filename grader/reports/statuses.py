"""How every status is shown: words, sign and colour. All reports take them from here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from grader.results import WAITS, LessonStatus, Status

#: The tones of what is shown, as the style sheet of a student's page calls them, and their colours
#: on a terminal.
COLOURS: Final = {"passed": "green", "failed": "red", "quiet": "dim", "pending": "yellow"}


_UNDECIDED: Final = "could not be graded: a person decides"


@dataclass(frozen=True, slots=True)
class Look:
    """How one status is shown."""

    words: str  # what happened, for the student
    short: str  # the same in a cell of a table
    sign: str  # one character
    tone: str  # a key of COLOURS
    kind: str  # the letter of its class in the style sheet of the class page

    @property
    def colour(self) -> str:
        """The colour on a terminal."""
        return COLOURS[self.tone]


LOOKS: Final[Mapping[Status | LessonStatus, Look]] = {
    Status.PASSED: Look("passed", "passed", "✓", "passed", "p"),
    Status.FAILED: Look("failed", "failed", "✗", "failed", "f"),
    Status.TIMEOUT: Look("took too long", "timeout", "✗", "failed", "t"),
    Status.OUT_OF_MEMORY: Look("needed too much memory", "memory", "✗", "failed", "t"),
    Status.CRASHED: Look("ended the program", "crashed", "✗", "failed", "t"),
    Status.SKIPPED: Look("not run", "not run", "-", "quiet", "s"),
    Status.PENDING: Look(WAITS, "waits", "…", "pending", "w"),
    Status.NOT_ATTEMPTED: Look("not started", "untouched", "·", "quiet", "n"),
    LessonStatus.UNREADABLE: Look("unreadable", "unreadable", "✗", "failed", "u"),
    LessonStatus.MISSING: Look("missing", "missing", "-", "quiet", "m"),
    Status.UNDECIDED: Look(_UNDECIDED, "undecided", "?", "pending", "w"),
    Status.GRADER_ERROR: Look("our error; it costs nothing", "our error", "!", "pending", "o"),
    LessonStatus.GRADED: Look("graded", "graded", "✓", "passed", "p"),
}
