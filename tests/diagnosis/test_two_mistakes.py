"""Two mistakes at once: both are told, or the one to mend first; never a third."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Final

import pytest
from homework import grade_versions
from places import REPOSITORY

from grader.course import Course
from grader.grading.grading_process import grade_batch
from grader.sandbox.levels import Isolation
from grader.submissions.submission import Source, Submission

COURSE: Final = Course.load(REPOSITORY)
SOLUTIONS: Final = {
    name: (COURSE.root / "solutions" / f"{name}.py").read_text("utf-8")
    for name in ("softmax", "qkv", "self_attention")
}

# Each step of a function, done right and wrong. The keys are the names of the mistakes.
SOFTMAX: Final = (
    {
        "": "pass",
        "negated": "s = -s",
        "divides-by-max": "s = s / s.max(axis=axis, keepdims=True)",
    },
    {
        "": "e = np.exp(s - s.max(axis=axis, keepdims=True))",
        "unstable": "e = np.exp(s)",
        "global-max": "e = np.exp(s - s.max())",
        "no-exp": "e = s",
    },
    {
        "": "r = e / e.sum(axis=axis, keepdims=True)",
        "wrong-axis": "r = e / e.sum(axis=0, keepdims=True)",
        "global-normalisation": "r = e / e.sum()",
        "not-normalised": "r = e",
    },
    {
        "": "pass",
        "log-softmax": "r = np.log(r)",
        "applied-twice": "r = np.exp(r) / np.exp(r).sum(axis=axis, keepdims=True)",
        "integer-buffer": "r = r.astype(np.asarray(scores).dtype)",
        "mutates-input": "scores[...] = 0",
    },
)
ATTENTION: Final = (
    {
        "": "s = Q @ K.T / np.sqrt(K.shape[1])",
        "missing-scale": "s = Q @ K.T",
        "scale-by-d-k": "s = Q @ K.T / K.shape[1]",
        "scale-by-sqrt-n": "s = Q @ K.T / np.sqrt(len(K))",
        "scale-by-sqrt-d-v": "s = Q @ K.T / np.sqrt(V.shape[1])",
    },
    {
        "": "w = softmax(s)",
        "wrong-softmax-axis": "w = softmax(s, axis=0)",
        "no-softmax": "w = s",
        "scale-after-softmax": "w = softmax(s) / np.sqrt(K.shape[1])",
    },
    {"": "o = w @ V", "keys-as-values": "o = w @ K", "transposed-weights": "o = w.T @ V"},
    {"": "return o, w", "swapped-return": "return w, o", "only-output": "return o"},
)
TEXTS: Final = {
    "softmax": (
        "\n\ndef softmax(scores, axis=-1):\n    s = np.asarray(scores, dtype=float)\n    ",
        SOFTMAX,
        "\n    return r\n",
    ),
    "self_attention": (
        "\n\ndef scaled_dot_product_attention(Q, K, V):\n"
        "    Q, K, V = (np.asarray(a, dtype=float) for a in (Q, K, V))\n    ",
        ATTENTION,
        "\n",
    ),
}


def combinations() -> Iterator[tuple[str, frozenset[str], str]]:
    """The lesson, its two mistakes and the program."""
    for lesson, (head, steps, tail) in TEXTS.items():
        for chosen in product(*(step.items() for step in steps)):
            mistakes = frozenset(name for name, _ in chosen if name)
            if len(mistakes) == 2:
                text = head + "\n    ".join(code for _, code in chosen) + tail
                yield lesson, mistakes, SOLUTIONS[lesson] + text


@pytest.mark.slow
def test_two_mistakes_at_once_are_never_called_by_a_third() -> None:
    pairs = list(combinations())
    assert len(pairs) > 90
    results = grade_versions(
        {str(number): (lesson, text) for number, (lesson, _, text) in enumerate(pairs)}
    )
    wrong: list[str] = []
    untold: list[str] = []
    for (_, mistakes, _), graded in zip(pairs, results.values(), strict=True):
        named = {check.misconception for check in graded.checks if check.misconception}
        if mistakes == {"log-softmax", "not-normalised"}:
            mistakes |= {"no-exp"}  # the logarithm takes the exponential back
        if not named <= mistakes:
            wrong.append(f"{' + '.join(sorted(mistakes))}: {named}")
        if not named:
            untold.append(" + ".join(sorted(mistakes)))
    assert wrong == []
    assert len(untold) <= 0.05 * len(pairs), untold


def one_mistake(lesson: str) -> Iterator[tuple[str, str]]:
    """Each mistake alone, and the lesson with it."""
    head, steps, tail = TEXTS[lesson]
    for place, step in enumerate(steps):
        for name, wrong in step.items():
            if name:
                codes = [wrong if place == n else other[""] for n, other in enumerate(steps)]
                yield name, SOLUTIONS[lesson] + head + "\n    ".join(codes) + tail


@pytest.mark.slow
def test_a_mistake_is_named_beside_one_in_a_lesson_that_it_imports() -> None:
    softmaxes = dict(one_mistake("softmax"))
    mistakes: list[str] = []
    submissions: list[Submission] = []
    for (mistake, text), earlier in product(
        [("", SOLUTIONS["self_attention"]), *one_mistake("self_attention")],
        ["wrong-axis", "not-normalised", "negated"],
    ):
        texts = SOLUTIONS | {"softmax": softmaxes[earlier], "self_attention": text}
        sources = {name: Source(f"{name}.py", (it,), False) for name, it in texts.items()}
        mistakes.append(mistake)
        submissions.append(Submission(f"{earlier} + {mistake}", sources))
    results = grade_batch(COURSE, Isolation.FULL, submissions)
    for mistake, result in zip(mistakes, results, strict=True):
        (graded,) = (it for it in result.lessons if it.lesson == "self_attention")
        named = {check.misconception for check in graded.checks if check.misconception}
        assert named == ({mistake} if mistake else set()), result.student
