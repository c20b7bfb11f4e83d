"""How long a lesson takes, by what it asks for."""

from __future__ import annotations

import pytest
from tiny_course import CourseWriter

from grader.course import Course
from grader.verify.course_rules import time_is_enough
from grader.verify.lesson_minutes import MINUTES, measure_work, minutes_for, say_work

LESSON = '''\
# %% [markdown]
# # Degrees
#
# Water **freezes** at 32.
#
# **Predict.** When does it boil?
#
#     a drawing

# %%
if __name__ == "__main__":
    print("212")

# %% [markdown]
#     212
#     degrees
#
# ## Further: kelvin
#
# Much more to read here.

# %%
if __name__ == "__main__":
    print(273)

# %% [markdown]
#     273
#
# That was it.
#
# ## The end


# %%
def to_celsius(degrees):
    """Turn degrees.

    Examples
    --------
    >>> to_celsius(32)
    0
    """
    # First the shift.
    shifted = degrees - 32
    ### BEGIN SOLUTION
    scale = 5 / 9  # a comment beside code

    # A comment alone.
    return shifted * scale
    ### END SOLUTION


def helps(x):
    return x


# %%
### BEGIN SOLUTION
ANSWERS = {"scale": "B", "zero": "A"}
WORDS = {"why": """
Nothing moves less than not at all.
"""}
### END SOLUTION
'''


def test_work_is_what_is_read_predicted_and_written_outside_further() -> None:
    work = measure_work([LESSON], where="celsius.py")
    assert +work == {
        "words to read": 1 + 4 + 5 + 2 + 2 + 2,  # with the drawing, the end and the docstring
        "predictions": 1,
        "pictures": 1,
        "functions to write": 1,
        "lines to write": 2,
        "lines that are given": 1,
        "letters of a quiz": 2,
        "words to write": 7,
    }
    assert say_work(work).startswith("words to read: 16, predictions: 1, pictures: 1, ")


def test_the_files_of_a_lesson_add_up() -> None:
    once, twice = (measure_work([LESSON] * n, where="celsius.py") for n in (1, 2))
    assert twice == {kind: 2 * count for kind, count in once.items()}


def test_a_function_that_is_written_whole_has_no_given_lines() -> None:
    function = 'def double(x):\n    """Twice x."""\n    return 2 * x\n'
    text = f"### BEGIN SOLUTION\n{function}### END SOLUTION\n"
    work = measure_work([text], where="double.py")
    assert +work == {"words to read": 2, "functions to write": 1, "lines to write": 2}


@pytest.mark.parametrize(("words", "minutes"), [(0, 0), (1, 5), (600, 5), (601, 10)])
def test_minutes_are_rounded_up_to_five(words: int, minutes: int) -> None:
    work = measure_work([], where="nothing.py")
    work["words to read"] = words
    assert minutes_for(work) == minutes


@pytest.mark.parametrize(("minutes", "told"), [(0, False), (4, True), (5, False), (30, False)])
def test_a_lesson_that_promises_too_short_a_time_is_reported(
    tiny_course: CourseWriter, minutes: int, told: bool
) -> None:
    (lesson,) = Course.load(tiny_course(lessons=[{"id": "double", "minutes": minutes}])).lessons
    work = measure_work([lesson.solution.read_text("utf-8")], where="double.py")
    assert list(time_is_enough(lesson, work)) == told * [
        "course.yaml: double: says 4 minutes, and takes about 5 (words to read: 4, functions to "
        "write: 1, lines to write: 1); say 5, or ask for less"
    ]


def test_every_kind_of_work_takes_some_time() -> None:
    assert all(minutes > 0 for minutes in MINUTES.values())
