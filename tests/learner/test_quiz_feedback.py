"""A learner hears how many letters of a quiz are right, then which; the copy shows no letter."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from grader.authoring.build import build
from grader.cli import main
from grader.course import Course
from grader.course.quiz_keys import QuizKey, read_keys, write_keys
from grader.course.quizzes import find_quizzes
from grader.errors import CourseError
from grader.learner.quiz_feedback import QuizResult, try_letters

if TYPE_CHECKING:
    from tiny_course import CourseWriter

LESSON = """\
# %% [markdown]
# # A quiz
#
# **first**: What comes first?
#
# - A. the egg
# - B. the hen
#
# **second**: What comes second?
#
# - A. the egg
# - B. the hen that
#   laid it

# %%
### BEGIN SOLUTION
ANSWERS = {"first": "A", "second": "B"}
### END SOLUTION
"""
VISIBLE = '''\
def test_each_question_has_a_letter(student):
    """Each question has a letter."""
    for question in ("first", "second"):
        assert student.answer("ANSWERS", question)
'''
HIDDEN = '''\
def test_first(student, reference):
    """The first question."""
    assert student.answer("ANSWERS", "first") == reference.ANSWERS["first"]
'''


@pytest.fixture(scope="module")
def key() -> QuizKey:
    (quiz,) = find_quizzes(LESSON, where="solutions/eggs.py")
    return QuizKey.make(quiz, "tiny/eggs/ANSWERS")


def attempt_all(key: QuizKey, attempts: Sequence[str]) -> list[str]:
    """What is told after each of these attempts, which are letters in the order of questions."""
    known: dict[str, Sequence[str]] = {}
    told = []
    for letters in attempts:
        answers = dict(zip(key.digests, letters, strict=True))
        judged = try_letters(key, answers.get, known)
        assert judged is not None
        known[judged[0]] = judged[1].right
        told.append(judged[1].told)
    return told


def test_a_quiz_is_found_with_its_options() -> None:
    (quiz,) = find_quizzes(LESSON, where="solutions/eggs.py")
    assert quiz.table == "ANSWERS"
    assert [(it.id, it.right) for it in quiz.questions] == [("first", "A"), ("second", "B")]
    assert quiz.questions[1].options == {"A": "the egg", "B": "the hen that laid it"}


@pytest.mark.slow
def test_the_count_is_told_first_and_the_questions_from_the_third_attempt_on(key: QuizKey) -> None:
    assert attempt_all(key, ["BA", "BA", "BB", "AA", "BA", "AB"]) == [
        "The quiz: 0 of 2 letters are right. After 2 more tries you are told which.",
        "The quiz: 0 of 2 letters are right. After 2 more tries you are told which.",
        "The quiz: 1 of 2 letters are right. After one more try you are told which.",
        "The quiz: 1 of 2 letters are right. Think again about: second.",
        "The quiz: 0 of 2 letters are right. Think again about: first, second.",
        "The quiz: all 2 letters are right.",
    ]


@pytest.mark.parametrize("answer", ["a", "A.", "(A)", " a) "])
def test_a_letter_may_have_the_brackets_and_dots_that_grading_allows(
    key: QuizKey, answer: str
) -> None:
    judged = try_letters(key, {"first": answer, "second": "B"}.get, {})
    assert judged == ("AB", QuizResult(["first", "second"], [], 1))


@pytest.mark.parametrize("answer", [None, "", "AB", "the hen", 7, "1", "C", "(e)"])
def test_letters_are_no_attempt_before_each_can_be_chosen(key: QuizKey, answer: object) -> None:
    assert try_letters(key, {"first": "A", "second": answer}.get, {}) is None


def test_any_letter_can_be_chosen_where_the_text_lists_none(key: QuizKey) -> None:
    without = replace(key, choices=dict.fromkeys(key.choices, ""))
    judged = try_letters(without, {"first": "A", "second": "E"}.get, {})
    assert judged == ("AE", QuizResult(["first"], ["second"], 1))


def test_the_key_of_one_question_does_not_fit_another(key: QuizKey) -> None:
    digests = dict.fromkeys(key.digests, key.digests["first"])
    assert not replace(key, digests=digests).is_right("second", "A")


def test_a_damaged_key_is_told(key: QuizKey, tmp_path: Path) -> None:
    path = tmp_path / "eggs.json"
    path.write_text(write_keys([key]), "utf-8")
    assert read_keys(path, "eggs.json") == [key]
    for text in ("", "{}", '{"format_version": 1, "quizzes": [7]}', '{"format_version": 2}'):
        path.write_text(text, "utf-8")
        with pytest.raises(CourseError, match=r"eggs\.json is damaged: copy it"):
            read_keys(path, "eggs.json")


def run(*arguments: str | Path) -> str:
    return CliRunner().invoke(main, [*map(str, arguments)]).output


def released(write: CourseWriter, out: Path, **lesson: object) -> str:
    """Release a course with a quiz; return what the command says."""
    folder = write(
        lessons=[{"id": "eggs", "points": 2} | lesson],
        solutions={"eggs": LESSON},
        visible={"eggs": VISIBLE},
        hidden={"eggs": HIDDEN},
    )
    build(Course.load(folder))
    return run("--course", folder, "release", out)


@pytest.mark.slow
def test_a_copy_tells_how_many_letters_are_right_and_holds_none(
    tiny_course: CourseWriter, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    said = released(tiny_course, copy)
    assert "It tells how many letters of the quiz in eggs are right, so the letters can" in said
    kept = json.loads((copy / "tests/lessons/quiz_keys/eggs.json").read_text("utf-8"))
    assert [len(it) for it in kept["quizzes"][0]["digests"].values()] == [32, 32]
    exercise = copy / "exercises" / "eggs.py"
    stub = exercise.read_text("utf-8")
    said = run("--course", copy, "check")
    assert "The quiz" not in said
    assert 'ANSWERS["first"] is still empty' in said
    assert "Stuck?" not in said  # there are no hints
    for letters, told in [
        (("A", "A"), "The quiz: 1 of 2 letters are right. After 2 more tries"),
        (("B", "A"), "The quiz: 0 of 2 letters are right. After one more try"),
        (("B", "B"), "The quiz: 1 of 2 letters are right. Think again about: first."),
    ]:
        text = stub
        for letter in letters:
            text = text.replace('": "",', f'": "{letter}",', 1)
        exercise.write_text(text, "utf-8")
        said = run("--course", copy, "check")
        assert told in said
        assert "hidden checks remain, worth 1 point: they run when you hand in" in said


@pytest.mark.slow
def test_an_author_can_leave_the_key_out(tiny_course: CourseWriter, tmp_path: Path) -> None:
    said = released(tiny_course, tmp_path / "copy", quiz_feedback=False)
    assert "letters" not in said
    assert not (tmp_path / "copy" / "tests" / "lessons" / "quiz_keys").exists()
