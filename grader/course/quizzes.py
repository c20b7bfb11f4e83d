"""The quizzes of a course: questions that are answered with one letter each.

A quiz is a dict of letters among a lesson's answers, such as ``ANSWERS = {"first": "A"}``. Its
questions stand in the lesson's text::

    # **first**: What comes first?
    #
    # - A. the egg
    # - B. the hen
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from grader.course.stubs import answer_regions, tables_in

_QUESTION: Final = re.compile(r"^\*\*([^*\n]+)\*\*:? ", re.MULTILINE)
#: ``- A. the egg``, also with another bullet or none, and with the letter in bold or brackets.
_OPTION: Final = re.compile(
    r"^(?:[-*+] )?(?:([A-Z])[.):]|\*\*([A-Z])[.):]?\*\*[.):]?|\(([A-Z])\)) "
    r"((?:.+\n?)(?:^  .+\n?)*)",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Question:
    """One question: what can be chosen, and what is right."""

    id: str
    right: str  # a letter
    options: Mapping[str, str]  # by letter; none if the text does not list them in the usual way


@dataclass(frozen=True, slots=True)
class Quiz:
    """A dict of letters."""

    table: str  # the dict's name
    questions: Sequence[Question]


def find_quizzes(solution_text: str, *, where: str) -> Iterator[Quiz]:
    """The quizzes of a lesson, in their order.

    Args:
        solution_text: the lesson with its answers.
        where: the file's name in errors.

    Raises:
        CourseError: the answers cannot be found.
    """
    tree = ast.parse(solution_text)
    options = _options(solution_text)
    for region in answer_regions(solution_text, where=where):
        for target, table in tables_in(region, tree):
            letters: dict[str, str] = ast.literal_eval(table)
            if all(re.fullmatch("[A-Z]", letter) for letter in letters.values()):
                name = target.partition(":")[0]  # without its annotation
                questions = [
                    Question(question, letters[question], options.get(question, {}))
                    for question in letters
                ]
                yield Quiz(name, questions)


def _options(text: str) -> dict[str, dict[str, str]]:
    """The options of every question in the lesson's text."""
    prose = re.sub(r"(?m)^# ?", "", text)
    asked = _QUESTION.split(prose)[1:]
    return {
        question: {
            "".join(letter): " ".join(words.split()) for *letter, words in _OPTION.findall(text)
        }
        for question, text in zip(asked[::2], asked[1::2], strict=True)
    }
