"""Answers as people write them: right ones keep every point, wrong ones do not, and no wrong name.

Each file in homework/answers/ holds answers to one lesson. They were written from the questions
that people ask about their homework, before anyone looked at which mistakes the grader knows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import pytest
from homework import read_cells

from grader.results import LessonResult

#: How many of the wrong answers are told nothing of what is wrong; fewer are better.
UNTOLD: Final = 15

pytestmark = pytest.mark.xdist_group("homework")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: functions that replace the solution's."""

    lesson: str
    number: int
    mistake: str | None  # None for a right one
    names: frozenset[str]  # ids that say what is wrong
    evidence: str  # part of what the values say, where there is no name
    code: str

    def __str__(self) -> str:
        return f"{self.lesson}-{self.number}"


def read_answers() -> list[Answer]:
    """Every answer of every file."""
    answers = []
    for number, (lesson, head, code) in enumerate(read_cells("answers"), start=1):
        mistake = head.removeprefix("wrong: ") if head.startswith("wrong") else None
        names = re.search("^# names: (.*)", code, re.MULTILINE)
        evidence = re.search("^# evidence: (.*)", code, re.MULTILINE)
        ids = frozenset(names[1].split(", ")) if names else frozenset()
        words = evidence[1] if evidence else ""
        answers.append(Answer(lesson, number, mistake, ids, words, code))
    return answers


ANSWERS: Final = read_answers()


def test_there_are_enough_of_both() -> None:
    assert sum(answer.mistake is not None for answer in ANSWERS) >= 270
    assert sum(answer.mistake is None for answer in ANSWERS) >= 80


@pytest.mark.slow
def test_right_answers_keep_every_point(graded_answers: dict[str, LessonResult]) -> None:
    right = [graded_answers[str(answer)] for answer in ANSWERS if answer.mistake is None]
    assert [result for result in right if result.score != result.max_score] == []


@pytest.mark.slow
def test_wrong_answers_lose_points(graded_answers: dict[str, LessonResult]) -> None:
    wrong = [(answer.mistake, graded_answers[str(answer)]) for answer in ANSWERS if answer.mistake]
    assert [mistake for mistake, result in wrong if result.score == result.max_score] == []


@pytest.mark.slow
def test_most_wrong_answers_are_told_what_is_wrong_and_none_has_a_wrong_name(
    graded_answers: dict[str, LessonResult],
) -> None:
    untold: list[str] = []
    for answer in ANSWERS:
        checks = graded_answers[str(answer)].checks
        named = {check.misconception for check in checks if check.misconception}
        told = {check.effect for check in checks if check.effect and not check.misconception}
        assert not named or named & answer.names, (str(answer), answer.mistake, named)
        if told and not named and answer.evidence:
            assert any(answer.evidence in text for text in told), (str(answer), told)
        if answer.mistake and not named and not told:
            untold.append(f"{answer}: {answer.mistake}")
    assert len(untold) <= UNTOLD, untold
