"""The rules on what tells the right letters of a quiz."""

from __future__ import annotations

import pytest

from grader.course.quizzes import Question, Quiz, find_quizzes
from grader.verify.quiz_rules import length_tells_nothing, position_tells_nothing


def quiz(right: str, *lengths: tuple[int, ...]) -> Quiz:
    """A quiz with these right letters, and options of these lengths; all of ten without any."""
    given = lengths or ((10, 10, 10, 10),) * len(right)
    return Quiz(
        "ANSWERS",
        [
            Question(str(number), letter, dict(zip("ABCDEF", map("x".__mul__, its), strict=False)))
            for number, (letter, its) in enumerate(zip(right, given, strict=True))
        ],
    )


LONG_B = (10, 14, 11, 12)  # the longest is B, the shortest A


@pytest.mark.parametrize(
    ("right", "told"),
    [
        ("BBBBBBCDA", "the longest option is right in 6 of 9 questions, where chance makes "),
        ("AAAAAABCD", "the shortest option is right in 6 of 9 questions, where chance makes "),
        ("BBB", "the longest option is right in 3 of 3 questions"),
        ("ACD" * 5, "the longest option is right in 0 of 15 questions"),
    ],
)
def test_a_length_that_tells_the_right_letter_is_reported(right: str, told: str) -> None:
    (advice, *_) = length_tells_nothing("eggs.py", quiz(right, *[LONG_B] * len(right)))
    assert advice.startswith(f"eggs.py: ANSWERS: {told}")


@pytest.mark.parametrize("right", ["BBACDADCB", "BB", "B", "ABCD", "BBBACDDCB"])
def test_lengths_that_are_right_about_as_often_as_by_chance_are_no_pattern(right: str) -> None:
    assert not list(length_tells_nothing("eggs.py", quiz(right, *[LONG_B] * len(right))))


def test_options_of_one_length_tell_nothing() -> None:
    assert not list(length_tells_nothing("eggs.py", quiz("BBBBBBBBB")))


def test_two_longest_options_leave_half_a_chance() -> None:
    two = [(14, 14, 10, 11)] * 5  # A or B: right in 5 of 5 by chance once in 32 times
    assert not list(length_tells_nothing("eggs.py", quiz("ABABB", *two)))
    (advice,) = length_tells_nothing("eggs.py", quiz("ABABBA", *two, two[0]))
    assert "6 of 6 questions, where chance makes about 3" in advice


@pytest.mark.parametrize(
    ("right", "told"),
    [
        ("CCCACCDBC", "C is right in 6 of 9 questions, where chance makes about 2.2"),
        ("CCC", "C is right in 3 of 3 questions"),
        ("ABCABCCBACABBAC", "D is right in 0 of 15 questions"),
        ("ABCDABCDA", "the right letters repeat: ABCD, ABCD …"),
        ("ABABABAB", "the right letters repeat: AB, AB …"),
        ("ABCDABC", "the right letters repeat: ABCD, ABC …"),
    ],
)
def test_a_position_that_tells_the_right_letter_is_reported(right: str, told: str) -> None:
    advice = list(position_tells_nothing("eggs.py", quiz(right)))
    assert any(it.startswith(f"eggs.py: ANSWERS: {told}") for it in advice), advice


@pytest.mark.parametrize("right", ["ACBDBADCC", "CC", "A", "ABCD", "DABDCCAB"])
def test_positions_in_no_order_are_no_pattern(right: str) -> None:
    assert not list(position_tells_nothing("eggs.py", quiz(right)))


def test_two_options_are_right_by_chance_more_often_than_four() -> None:
    assert not list(position_tells_nothing("eggs.py", quiz("AAAAA", *[(9, 9)] * 5)))
    assert list(position_tells_nothing("eggs.py", quiz("AAAAAA", *[(9, 9)] * 6)))


def test_questions_whose_options_are_not_in_the_text_are_left_out() -> None:
    bare = Quiz("ANSWERS", [Question(str(number), "A", {}) for number in range(9)])
    assert not list(length_tells_nothing("eggs.py", bare))
    assert not list(position_tells_nothing("eggs.py", bare))


@pytest.mark.parametrize("mark", ["- A. ", "* A) ", "A: ", "- **A** ", "(A) ", "+ **A.** "])
def test_options_are_found_in_the_ways_in_which_authors_write_them(mark: str) -> None:
    text = f"# **first**: What?\n#\n# {mark}the egg\n# {mark.replace('A', 'B')}the hen\n\n"
    answers = '### BEGIN SOLUTION\nANSWERS = {"first": "A"}\n### END SOLUTION\n'
    (found,) = find_quizzes(text + answers, where="eggs.py")
    assert found.questions[0].options == {"A": "the egg", "B": "the hen"}
