"""Whether anything but the subject tells which letters of a quiz are right.

Whoever always takes the longest option, or the second, should get about as many right as somebody
who throws dice. These rules yield advice: chance alone can look like a pattern, and of two or three
questions little can be said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from grader.course.quizzes import Question, Quiz

#: What happens by chance less often than this is no chance.
_UNLIKELY: Final = 0.02


def length_tells_nothing(where: str, quiz: Quiz) -> Iterator[str]:
    """The longest option is right about as often as any other, and so is the shortest.

    Args:
        where: the file of the quiz.
        quiz: whose questions count as far as their options stand in the text and differ in length.
    """
    questions = [
        question
        for question in quiz.questions
        if question.right in question.options and len(set(map(len, question.options.values()))) > 1
    ]
    for name, extreme in (("longest", max), ("shortest", min)):
        letters = [_letters_of_length(question, extreme) for question in questions]
        if said := _say_unlikely(questions, letters):
            yield (
                f"{where}: {quiz.table}: the {name} option is right {said}; make the options of "
                f"each question equally long, or another than the {name} right"
            )


def position_tells_nothing(where: str, quiz: Quiz) -> Iterator[str]:
    """Each letter is right about as often as any other, and their order is no pattern.

    Args:
        where: the file of the quiz.
        quiz: whose questions count as far as their options stand in the text.
    """
    questions = [question for question in quiz.questions if question.right in question.options]
    for letter in sorted({letter for question in questions for letter in question.options}):
        having = [question for question in questions if letter in question.options]
        if said := _say_unlikely(having, [{letter}] * len(having)):
            yield f"{where}: {quiz.table}: {letter} is right {said}; change places in some of them"
    if period := _find_period(questions):
        letters = "".join(question.right for question in questions)
        yield (
            f"{where}: {quiz.table}: the right letters repeat: {letters[:period]}, "
            f"{letters[period : 2 * period]} …; change places in some questions"
        )


def _letters_of_length(question: Question, extreme: Callable[..., int]) -> set[str]:
    """The letters of the options that are the longest, or the shortest; often only one."""
    lengths = {letter: len(text) for letter, text in question.options.items()}
    wanted = extreme(lengths.values())
    return {letter for letter, length in lengths.items() if length == wanted}


def _say_unlikely(questions: Sequence[Question], taken: Sequence[set[str]]) -> str | None:
    """How often a way to answer without reading is right, if that is no chance.

    Args:
        questions: that are answered.
        taken: for each, the letters that could be taken.
    """
    hits = sum(
        question.right in letters for question, letters in zip(questions, taken, strict=True)
    )
    chances = [
        len(letters) / len(question.options)
        for question, letters in zip(questions, taken, strict=True)
    ]
    spread = _spread_of_hits(chances)
    if sum(spread[hits:]) > _UNLIKELY and sum(spread[: hits + 1]) > _UNLIKELY:
        return None
    by_chance = f"{sum(chances):.1f}".removesuffix(".0")
    return f"in {hits} of {len(questions)} questions, where chance makes about {by_chance}"


def _spread_of_hits(chances: Sequence[float]) -> list[float]:
    """How likely 0, 1, 2, … hits are, each with a chance of its own."""
    spread = [1.0]
    for chance in chances:
        missed = [probability * (1 - chance) for probability in spread]
        hit = [probability * chance for probability in spread]
        spread = [a + b for a, b in zip([*missed, 0.0], [0.0, *hit], strict=True)]
    return spread


def _find_period(questions: Sequence[Question]) -> int | None:
    """After how many questions the right letters begin anew, if that is no chance.

    A single letter that is always right is told by how often it is right.
    """
    for period in range(2, len(questions)):
        again = questions[period:]
        repeats = all(
            later.right == question.right for later, question in zip(again, questions, strict=False)
        )
        by_chance = 1.0
        for question in again:
            by_chance /= len(question.options)
        if (
            repeats
            and by_chance <= _UNLIKELY
            and len({question.right for question in questions}) > 1
        ):
            return period
    return None
