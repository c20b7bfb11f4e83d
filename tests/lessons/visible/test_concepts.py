"""Checks of lesson 6 that need no right answer to compare with: is there a letter to each question?

`student.answer` reads what you wrote, without the blanks around it.
"""

import re

import pytest

QUESTIONS = [
    "what-it-solves",
    "query",
    "all-at-once",
    "sums-to-one",
    "why-self",
    "matrix-row",
    "rnn-memory",
    "six-weights",
    "why-scaling",
]


@pytest.mark.points(0.5)
def test_each_question_has_one_letter(student):
    """Each question of the quiz has one letter, from A to D."""
    for question in QUESTIONS:
        answer = student.answer("ANSWERS", question)
        assert re.fullmatch(r"[(\s]*[A-Da-d][\s.:)]*", answer), (
            f'`{question}` asks for one letter from A to D, such as "A", and nothing else'
        )
