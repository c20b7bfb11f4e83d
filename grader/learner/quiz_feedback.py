"""What a learner who works alone hears about a quiz: how many letters are right, then which."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from grader.course.quiz_keys import QuizKey

#: The attempt from which on the wrong letters are named; each has another letter somewhere.
TELLING_ATTEMPT: Final = 3
_LETTER: Final = re.compile(r"[(\s]*([A-Za-z])[\s.:)]*")  # `b`, `B.` and `(B)` mean B


@dataclass(frozen=True, slots=True)
class QuizResult:
    """How one attempt at a quiz went."""

    right: Sequence[str]  # ids of questions
    wrong: Sequence[str]
    attempt: int  # from 1; the same letters again are no new one

    @property
    def told(self) -> str:
        """What the learner reads."""
        count = len(self.right) + len(self.wrong)
        if not self.wrong:
            return f"The quiz: all {count} letters are right."
        said = f"The quiz: {len(self.right)} of {count} letters are right."
        left = TELLING_ATTEMPT - self.attempt
        if left > 0:
            tries = "one more try" if left == 1 else f"{left} more tries"
            return f"{said} After {tries} you are told which."
        names = ", ".join(self.wrong)
        return f"{said} Think again about: {names}."


def try_letters(
    key: QuizKey, read: Callable[[str], object], attempts: Mapping[str, Sequence[str]]
) -> tuple[str, QuizResult] | None:
    """Judge a learner's letters; None while a question has none of its choices.

    Args:
        key: of the quiz.
        read: gives what the learner wrote as the answer to a question.
        attempts: earlier letters, all together as a text, and the questions that they got right.

    Returns:
        The letters as a text, and how they went.
    """
    letters: dict[str, str] = {}
    for question in key.digests:
        answer = read(question)
        match = _LETTER.fullmatch(answer) if isinstance(answer, str) else None
        if match is None or not key.is_choice(question, letter := match[1].upper()):
            return None
        letters[question] = letter
    attempt = "".join(letters.values())
    if attempt in attempts:
        right = [question for question in letters if question in attempts[attempt]]
        number = [*attempts].index(attempt) + 1
        number = max(number, min(len(attempts), TELLING_ATTEMPT))
    else:
        right = [question for question in letters if key.is_right(question, letters[question])]
        number = len(attempts) + 1
    return attempt, QuizResult(
        right, [question for question in letters if question not in right], number
    )
