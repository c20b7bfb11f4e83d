"""The quiz: only the subject helps to find the right letter, and its points are told as they are.

Everything here holds for any quiz in this course: a dict of letters among a lesson's answers.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pytest
from lesson_texts import QUIZ, TEXTS, prose_of, text_of
from places import REPOSITORY

from grader.course import Course

COURSE: Final = Course.load(REPOSITORY)


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a quiz, as it is printed, and the letter that is right."""

    id: str
    options: dict[str, str]
    right: str

    @property
    def place_by_length(self) -> tuple[int, int]:
        """How many options are shorter than the right one, and how many are longer."""
        lengths = [len(text) for text in self.options.values()]
        own = len(self.options[self.right])
        return sum(it < own for it in lengths), sum(it > own for it in lengths)


def answer_sheets(name: str) -> Iterator[dict[str, str]]:
    """The dicts of a lesson in which every value is a letter."""
    for node in ast.parse(text_of(name)).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
            try:
                sheet = ast.literal_eval(node.value)
            except ValueError:
                continue
            if sheet and all(re.fullmatch("[A-Z]", str(letter)) for letter in sheet.values()):
                yield sheet


def quiz_of(name: str, sheet: dict[str, str]) -> list[Question]:
    """The questions of a sheet with their options, in the order in which they are printed."""
    asked = re.split(r"(?m)^\*\*([\w-]+)\*\*: ", prose_of(text_of(name)))[1:]
    printed = dict(zip(asked[::2], asked[1::2], strict=True))
    questions = []
    for question, text in printed.items():
        if question in sheet:
            options = re.findall(r"^- ([A-Z])\. ((?:.+\n?)(?:^  .+\n?)*)", text, re.MULTILINE)
            told = {letter: " ".join(words.split()) for letter, words in options}
            assert len(told) == len(options), f"{question} has a letter twice"
            questions.append(Question(question, told, sheet[question]))
    return questions


QUIZZES: Final = {
    f"{name}: {number}": (sheet, quiz_of(name, sheet))
    for name in TEXTS
    for number, sheet in enumerate(answer_sheets(name))
}
EVERY_QUIZ: Final = pytest.mark.parametrize(
    ("sheet", "questions"), QUIZZES.values(), ids=QUIZZES.keys()
)


def test_the_quizzes_are_found() -> None:
    assert [name.partition(":")[0] for name in QUIZZES] == [QUIZ]


@EVERY_QUIZ
def test_each_question_is_asked_once_and_has_its_letters(
    sheet: dict[str, str], questions: list[Question]
) -> None:
    assert [question.id for question in questions] == list(sheet)
    for question in questions:
        assert "".join(question.options) == "ABCD"
        assert len(set(question.options.values())) == 4


@EVERY_QUIZ
def test_the_options_of_a_question_are_equally_long(
    sheet: dict[str, str], questions: list[Question]
) -> None:
    for question in questions:
        lengths = [len(text) for text in question.options.values()]
        assert max(lengths) - min(lengths) <= 4, (question.id, lengths)


@EVERY_QUIZ
def test_form_does_not_tell_the_right_letter(
    sheet: dict[str, str], questions: list[Question]
) -> None:
    # All begin and end alike: no full stop, capital or comma is the right one's alone.
    for question in questions:
        for form in (r"^[A-Z]", r"\.$", r",", r":", r"`", r"\d", r"[√²]"):
            having = {letter for letter, text in question.options.items() if re.search(form, text)}
            others = set(question.options) - having
            assert {question.right} not in (having, others), (question.id, form)


def test_the_quiz_tells_its_real_points() -> None:
    lesson = COURSE.lesson(QUIZ)
    prose = " ".join(prose_of(text_of(QUIZ)).split())
    hidden, visible = (
        [float(points) for points in re.findall(r"points\(([\d.]+)\)", path.read_text("utf-8"))]
        for path in (lesson.hidden_checks, lesson.visible_checks)
    )
    ((_, questions),) = QUIZZES.values()
    assert hidden == [0.5] * 7 + [1] * 2
    assert visible == [0.5]
    assert len(hidden) == len(questions)
    assert {question.points for question in lesson.written} == {2}
    assert sum(hidden) + sum(visible) == 6
    assert lesson.points == 10
    assert (
        "The quiz is worth 6 of the 10 points: half a point when every question has a letter, half "
        "a point for each of the first seven questions, and a whole one for each of the last two. "
        "The two written answers are worth 2 points each."
    ) in prose
