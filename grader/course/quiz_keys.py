"""The key of a quiz for a student's own copy: it tells which letters are right, and shows none.

For each question it holds a digest of the right letter, made so slowly that one try costs about a
tenth of a second. That stops nobody who tries every letter: a key that tells what is right can be
used to guess. It keeps the letters from being read by chance, and no more.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Self

from grader.course.quizzes import Quiz
from grader.errors import CourseError

_FORMAT: Final = 1
#: What one digest costs: 128 * 8 * 2**15 bytes of memory, and about 0.1 seconds.
_COST: Final = 2**15
_BLOCK: Final = 8
_MEMORY: Final = 2 * 128 * _BLOCK * _COST  # bytes; what is allowed


@dataclass(frozen=True, slots=True)
class QuizKey:
    """What a copy knows of one quiz."""

    table: str  # the name of the dict with the letters
    salt: str
    digests: Mapping[str, str]  # of the right letters, by question
    choices: Mapping[str, str]  # the letters to choose from, by question; "" if the text lists none

    @classmethod
    def make(cls, quiz: Quiz, salt: str) -> Self:
        """The key of a quiz.

        Args:
            quiz: with its right letters.
            salt: another one for each quiz of each course.
        """
        digests = {asked.id: _digest(salt, asked.id, asked.right) for asked in quiz.questions}
        choices = {asked.id: "".join(asked.options) for asked in quiz.questions}
        return cls(quiz.table, salt, digests, choices)

    def is_choice(self, question: str, letter: str) -> bool:
        """Whether this letter can be chosen; any can, if the text lists none."""
        return letter in (self.choices.get(question) or letter)

    def is_right(self, question: str, letter: str) -> bool:
        """Whether this is the right letter. It takes about a tenth of a second."""
        digest = _digest(self.salt, question, letter)
        return hmac.compare_digest(digest, self.digests[question])


def write_keys(keys: list[QuizKey]) -> str:
    """The text of the file that holds a lesson's keys."""
    quizzes = [asdict(key) for key in keys]
    return json.dumps({"format_version": _FORMAT, "quizzes": quizzes}, indent=1) + "\n"


def read_keys(path: Path, shown: str) -> list[QuizKey]:
    """The keys of a lesson; none without a file.

    Args:
        path: of the file.
        shown: what messages call it.

    Raises:
        CourseError: the file is damaged.
    """
    if not path.is_file():
        return []
    try:
        file = json.loads(path.read_text("utf-8"))
        if file["format_version"] != _FORMAT:
            raise ValueError(file["format_version"])
        return [
            QuizKey(
                str(quiz["table"]),
                str(quiz["salt"]),
                {str(question): str(digest) for question, digest in quiz["digests"].items()},
                {str(question): str(letters) for question, letters in quiz["choices"].items()},
            )
            for quiz in file["quizzes"]
        ]
    except (OSError, ValueError, TypeError, LookupError, AttributeError) as error:
        raise CourseError(
            f"{shown} is damaged: copy it from the folder that you were given once more"
        ) from error


def _digest(salt: str, question: str, letter: str) -> str:
    made = hashlib.scrypt(
        letter.encode(),
        salt=f"{salt}/{question}".encode(),
        n=_COST, r=_BLOCK, p=1, maxmem=_MEMORY, dklen=16,
    )  # fmt: skip
    return made.hex()
