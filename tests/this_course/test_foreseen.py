"""Whoever passes everything that students can check loses at most a point for a wrong answer.

The answers are those of homework/answers/ and 15 that a learner's check once called well done.
"""

from __future__ import annotations

from typing import Final

import pytest
from homework import grade_cells
from places import REPOSITORY

from grader.course import Course
from grader.grading.check_subjects import list_subjects
from grader.results import CheckResult, LessonResult, Status

#: Wrong and careless answers that passed every visible check before docstrings were checks, by
#: what is wrong: the lesson and the code.
CARELESS: Final = {
    "the lengths are not compared": (
        "dot_product",
        "def dot_product(u, v):\n    return float(np.sum(np.asarray(u, float) * v))",
    ),
    "the longer vector is cut": (
        "dot_product",
        "def dot_product(u, v):\n    return float(sum(a * b for a, b in zip(u, v)))",
    ),
    "two decimals": (
        "dot_product",
        """\
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError
    return round(float(np.dot(u, v)), 2)""",
    ),
    "a cosine without zeros": (
        "dot_product",
        """\
def cosine_similarity(u, v):
    u, v = np.asarray(u, float), np.asarray(v, float)
    return float(u @ v / np.linalg.norm(u) / np.linalg.norm(v))""",
    ),
    "whole numbers stay whole": (
        "dot_product",
        """\
def similarity_scores(query, keys):
    scores = np.zeros(len(keys), dtype=np.asarray(query).dtype)
    for j, key in enumerate(keys):
        scores[j] = query @ key
    return scores""",
    ),
    "softmax twice": (
        "softmax",
        """\
def softmax(scores, axis=-1):
    for _ in range(2):
        e = np.exp(scores - np.max(scores, axis=axis, keepdims=True))
        scores = e / e.sum(axis=axis, keepdims=True)
    return scores""",
    ),
    "loops over rows, lists": (
        "softmax",
        """\
def softmax(scores, axis=-1):
    result = []
    for row in scores:
        e = np.exp(row - np.max(row))
        result.append(list(e / e.sum()))
    return result""",
    ),
    "in place": (
        "softmax",
        """\
def softmax(scores, axis=-1):
    scores -= scores.max(axis=axis, keepdims=True)
    e = np.exp(scores)
    return e / e.sum(axis=axis, keepdims=True)""",
    ),
    "the axis is ignored": (
        "softmax",
        """\
def softmax(scores, axis=-1):
    e = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)""",
    ),
    "one maximum for the whole array": (
        "softmax",
        """\
def softmax(scores, axis=-1):
    e = np.exp(scores - np.max(scores))
    return e / e.sum(axis=axis, keepdims=True)""",
    ),
    "three decimals": (
        "softmax",
        """\
def softmax(scores, axis=-1):
    e = np.exp(scores - np.max(scores, axis=axis, keepdims=True))
    return np.round(e / e.sum(axis=axis, keepdims=True), 3)""",
    ),
    "a whole root": (
        "attention_matrix",
        """\
def attention_scores(X):
    X = np.asarray(X, float)
    return X @ X.T / int(np.sqrt(X.shape[1]))""",
    ),
    "the best word alone": (
        "attention_matrix",
        """\
def attention_matrix(X):
    return np.eye(len(X))[attention_scores(X).argmax(axis=1)]""",
    ),
    "a whole root of d_k": (
        "self_attention",
        """\
def scaled_dot_product_attention(Q, K, V):
    weights = softmax(qk_scores(Q, K) / int(np.sqrt(np.shape(K)[1])))
    return weights @ V, weights""",
    ),
    "an exponential that overflows": (
        "self_attention",
        """\
def scaled_dot_product_attention(Q, K, V):
    e = np.exp(qk_scores(Q, K) / np.sqrt(np.shape(K)[1]))
    weights = e / e.sum(axis=1, keepdims=True)
    return weights @ V, weights""",
    ),
}

pytestmark = pytest.mark.xdist_group("homework")  # it shares the graded answers


@pytest.fixture(scope="module")
def visible() -> dict[str, set[str]]:
    """The names of the checks that students have, by lesson."""
    subjects = list_subjects(Course.load(REPOSITORY))
    return {
        lesson: {it.check for it in checks if not it.hidden} for lesson, checks in subjects.items()
    }


@pytest.fixture(scope="module")
def careless() -> dict[str, LessonResult]:
    """The lesson of each careless answer, all graded as one class."""
    return grade_cells(CARELESS)


def not_passed(result: LessonResult) -> list[CheckResult]:
    return [check for check in result.checks if check.status is not Status.PASSED]


@pytest.mark.slow
@pytest.mark.parametrize("name", CARELESS)
def test_a_careless_answer_is_not_called_well_done(
    careless: dict[str, LessonResult], visible: dict[str, set[str]], name: str
) -> None:
    result = careless[name]
    seen = [it for it in not_passed(result) if it.check in visible[result.lesson]]
    assert any(it.check.startswith("test_examples_of_") for it in seen), seen
    shown = seen[0].message or ""
    assert "an example of the description" in shown or "\ngot " in shown


@pytest.mark.slow
def test_whoever_passes_all_that_is_visible_loses_at_most_one_point(
    careless: dict[str, LessonResult],
    graded_answers: dict[str, LessonResult],
    visible: dict[str, set[str]],
) -> None:
    lost = {
        name: sum(it.max_score - it.score for it in not_passed(result))
        for name, result in (careless | graded_answers).items()
        if not any(it.check in visible[result.lesson] for it in not_passed(result))
    }
    assert {name: points for name, points in lost.items() if points > 1} == {}
