"""What values say for themselves: each rule fires on what it describes, and on nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pytest

from grader.checks.reference import ReferenceCallee
from grader.course import Course
from grader.diagnosis.evidence.altered_calls import AlteredCalls
from grader.diagnosis.evidence.circumstances import find_circumstances
from grader.diagnosis.evidence.common_findings import find_evidence
from grader.diagnosis.evidence.observations import Observation
from grader.diagnosis.evidence.refusals import name_wrong_exception
from grader.diagnosis.evidence.rule_files import read_evidence
from grader.diagnosis.probes import Probe, ask_all
from grader.errors import CourseError
from grader.sandbox.faults import build_raised

if TYPE_CHECKING:
    from tiny_course import CourseWriter

Function = Callable[..., Any]


def scores(X: Any) -> Any:
    """A table (n, n) of dot products."""
    X = np.asarray(X, dtype=float)
    return X @ X.T


def shares(scores: Any, axis: int = -1) -> Any:
    """Shares of 1 along an axis."""
    powers = np.exp(np.asarray(scores, dtype=float) - np.max(scores, axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def cosine(u: Any, v: Any) -> Any:
    """A number; 0 for vectors without a length."""
    u, v = np.asarray(u, dtype=float), np.asarray(v, dtype=float)
    length = np.linalg.norm(u) * np.linalg.norm(v)
    return u @ v / length if length else 0.0


def mixed(weights: Any, X: Any) -> Any:
    """A table (m, d)."""
    return np.asarray(weights, dtype=float) @ np.asarray(X, dtype=float)


def halves(X: Any) -> Any:
    """Two tables."""
    X = np.asarray(X, dtype=float)
    return X / 2, X @ X.T


NOTHING: Final = AlteredCalls(lambda given: None)  # knows no right value
RNG: Final = np.random.default_rng(5)
TABLES: Final = [RNG.normal(size=size) for size in [(5, 7), (3, 4), (6, 6)]]
CALLS: Final[dict[Function, list[tuple[Any, ...]]]] = {
    scores: [*((it,) for it in TABLES), (RNG.integers(-3, 4, size=(4, 3)),)],
    shares: [
        *((it,) for it in TABLES),
        (RNG.integers(-3, 4, size=(4, 3)),),
        (RNG.normal(size=5),),
        (RNG.normal(size=7),),
        (RNG.normal(size=(4, 5)), 0),
        (RNG.normal(size=(4, 5)) + np.array([[0.0], [-1000.0], [1e4], [-1e4]]),),
        (np.array([[1.0, -np.inf, 2.0, 0.5]]),),
    ],
    cosine: [
        *(tuple(RNG.normal(size=(2, size))) for size in (5, 4, 3, 6)),
        (np.zeros(3), RNG.normal(size=3)),
        (RNG.normal(size=4), np.zeros(4)),
        (np.array([1.0, -1.0, 0.5, -0.5]), RNG.normal(size=4)),
    ],
    mixed: [
        (RNG.dirichlet(np.ones(it.shape[0]), size=n), it)
        for n, it in zip((5, 4, 6), TABLES, strict=True)
    ],
    halves: [(it,) for it in TABLES],
}


@cache
def said_of(right: Function, wrong: Function) -> str | None:
    """What is said of a function that does something else than it should."""
    names = right.__code__.co_varnames[: right.__code__.co_argcount]
    observations = []
    for call in CALLS[right]:
        arguments = dict(zip(names, call, strict=False))
        with np.errstate(all="ignore"):
            due = right(*call)
            try:
                got = wrong(*call)
            except (ValueError, IndexError, TypeError):
                observations.append(Observation(arguments, due, None, raised=True))
            else:
                observations.append(Observation(arguments, due, got))
    return find_evidence(observations, AlteredCalls(lambda given: right(**given)))


def whole_row_nan(s: Any, axis: int = -1) -> Any:
    e = np.exp(s - np.max(s))
    return e / e.sum(axis=axis, keepdims=True)


def in_buffer(X: Any) -> Any:
    out = np.zeros((len(X), len(X)), dtype=np.asarray(X).dtype)
    out[...] = scores(X) * 1.5 if out.dtype.kind == "i" else scores(X)
    return out


def no_guard(u: Any, v: Any) -> Any:
    return u @ v / (np.linalg.norm(u) * np.linalg.norm(v))


def guard_by_sum(u: Any, v: Any) -> Any:
    return 0.0 if abs(sum(u)) < 1e-12 or abs(sum(v)) < 1e-12 else cosine(u, v)


KEPT: Final[list[float]] = []

#: What is wrong, and words of what is said of it.
CASES: Final[dict[str, tuple[Function, Function, str]]] = {
    "twice": (scores, lambda X: 2 * scores(X), "twice what they should be"),
    "root of columns": (
        scores,
        lambda X: scores(X) / np.sqrt(np.shape(X)[1]),
        "numbers that are all 0.378 times what they should be, and 0.378 is 1/√7, "
        "and `X` has 7 columns",
    ),
    "times rows": (scores, lambda X: scores(X) * len(X), "5 times what they should be, and 5 is 5"),
    "sign": (scores, lambda X: -scores(X), "the right numbers with the other sign"),
    "unsigned": (scores, lambda X: abs(scores(X)), "without their sign"),
    "shift": (scores, lambda X: scores(X) + 1, "all 1 larger than they should be"),
    "row shift": (
        scores,
        lambda X: scores(X) - scores(X).max(axis=1, keepdims=True),
        "rows that are shifted as a whole",
    ),
    "rounded": (scores, lambda X: np.round(scores(X), 2), "rounded to 2 decimals"),
    "not exact": (scores, lambda X: scores(X) * (1 + 1e-4 * np.sin(scores(X))), "about 4 digits"),
    "turned": (mixed, lambda w, X: mixed(w, X).T, "with rows and columns exchanged"),
    "flat": (scores, lambda X: scores(X).ravel(), "in another shape"),
    "without last": (mixed, lambda w, X: mixed(w, X)[:-1], "everything but the last row"),
    "without first": (mixed, lambda w, X: mixed(w, X)[:, 1:], "everything but the first column"),
    "first alone": (mixed, lambda w, X: mixed(w, X)[0], "the first row alone"),
    "added up": (mixed, lambda w, X: mixed(w, X).sum(axis=0), "the rows, added up"),
    "reversed": (mixed, lambda w, X: mixed(w, X)[::-1], "the last one first"),
    "moved": (mixed, lambda w, X: np.roll(mixed(w, X), 1, axis=0), "rows in another order"),
    "same row": (
        mixed,
        lambda w, X: np.ones((len(w), 1)) * X.mean(axis=0),
        "the same row everywhere",
    ),
    "triangle": (scores, lambda X: np.tril(scores(X)), "above the diagonal is 0"),
    "no diagonal": (scores, lambda X: scores(X) * (1 - np.eye(len(X))), "on the diagonal is 0"),
    "columns": (
        shares,
        lambda s, axis=-1: np.nan_to_num(shares(s, 0), nan=1.0),
        "columns that add up to 1 each",
    ),
    "too even": (shares, lambda s, axis=-1: shares(np.asarray(s) / 3, axis), "too even"),
    "over everything": (
        scores,
        lambda X: shares(scores(X).ravel(), 0).reshape(len(X), -1),
        "numbers that add up to 1 all together",
    ),
    "rows sum to 1": (scores, lambda X: shares(scores(X)), "rows that add up to 1 each"),
    "columns sum to 1": (scores, lambda X: shares(scores(X), 0), "columns that add up to 1 each"),
    "one more below": (
        shares,
        lambda s, axis=-1: shares(s, axis) / 1.1 + 0 * shares(s, axis),
        "0.909 times",
    ),
    "shares of less": (
        shares,
        lambda s, axis=-1: shares(s, axis) * (1 - shares(s, axis).max(axis=axis, keepdims=True)),
        "shares in the right proportion that add up to less than 1",
    ),
    "far rows": (shares, whole_row_nan, "where rows are far apart"),
    "one dimension": (
        shares,
        lambda s, axis=-1: [float(x) for x in shares(s)] if np.ndim(s) == 1 else float("rows"),
        "stops with an exception where there are two dimensions",
    ),
    "whole numbers": (
        scores,
        lambda X: scores(X) * 0 if np.asarray(X).dtype.kind == "i" else scores(X),
        "where an argument holds whole numbers, and right answers elsewhere",
    ),
    "square alone": (
        mixed,
        lambda w, X: mixed(w, X) if len(w) == X.shape[1] else mixed(w, X) ** 3 + 1,
        "where the result is not square",
    ),
    "no guard": (cosine, no_guard, "where a vector is all zeros, and right answers elsewhere"),
    "guard by sum": (cosine, guard_by_sum, "where a vector sums to zero"),
    "without last column": (
        scores,
        lambda X: scores(np.asarray(X)[:, :-1]),
        "what belongs to `X` without the last column",
    ),
    "mean off": (
        cosine,
        lambda u, v: cosine(u - np.mean(u), v - np.mean(v)),
        "what belongs to `u` and `v`, both of them, less its mean",
    ),
    "twice, of another": (
        scores,
        lambda X: 2 * scores(np.abs(X)),
        "what belongs to `X` without its signs; and then numbers that are all twice",
    ),
    "order of parts": (halves, lambda X: halves(X)[::-1], "the right values in another order"),
    "one part": (halves, lambda X: halves(X)[0], "one of the 2 values alone, number 1"),
    "more parts": (halves, lambda X: (*halves(X), X), "the right values, and more behind them"),
    "dict": (halves, lambda X: dict(zip("ab", halves(X), strict=True)), "in a dict"),
    "in a part": (
        halves,
        lambda X: (X / 2, 2 * (X @ X.T)),
        "twice what they should be, as number 2 of the 2 that come back",
    ),
    "constant": (scores, lambda X: np.ones((2, 2)), "the same answer to every call"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_rule_fires_on_what_it_describes(case: str) -> None:
    right, wrong, words = CASES[case]
    said = said_of(right, wrong)
    assert (said is None) if not words else (said is not None and words in said), said


def observed(sentences: Any, W: Any, *, right: bool) -> Observation:
    return Observation({"sentences": sentences, "W": W}, due=1.0, got=1.0 if right else 2.0)


def test_a_list_or_a_number_is_neither_square_nor_not() -> None:
    # Only the shape of the second argument differs, and no result is a table.
    one = [(np.ones((2, 2)), 0, 1)]
    square, other = np.ones((3, 3)), np.ones((3, 2))
    calls = [observed(one, other, right=False), *(observed(one, square, right=True),) * 3]
    assert find_circumstances(calls) is None
    calls = [observed(other, other, right=False), *(observed(square, square, right=True),) * 3]
    assert find_circumstances(calls) == "the first argument is not square"


def test_a_mask_has_neither_whole_numbers_nor_vectors() -> None:
    table, mask = np.ones((3, 3)), np.tri(3, dtype=bool)
    calls = [observed(table, mask, right=False), *(observed(table, table, right=True),) * 3]
    assert find_circumstances(calls) == "an argument holds True and False"


def test_a_list_of_tables_has_no_rows() -> None:
    layers = [[X @ X.T, X @ X.T + np.arange(len(X))] for X in TABLES]
    seen = [
        Observation({"X": X}, due=it, got=it[::-1]) for X, it in zip(TABLES, layers, strict=True)
    ]
    assert find_evidence(seen, NOTHING) == "the right tables, the last one first"


@pytest.mark.parametrize("right", CALLS)
def test_what_is_right_is_told_nothing(right: Function) -> None:
    assert said_of(right, right) is None


@pytest.mark.parametrize("case", CASES)
def test_what_is_told_of_one_is_told_of_no_other(case: str) -> None:
    _, _, words = CASES[case]
    others = [
        name
        for name, (right, wrong, _) in CASES.items()
        if name != case and words and words in str(said_of(right, wrong))
    ]
    assert set(others) <= ALSO.get(case, set()), others


#: Of which others the same is true.
ALSO: Final = {
    "twice": {"twice, of another", "in a part"},
    "in a part": set[str](),
    "columns": {"columns sum to 1"},
    "columns sum to 1": {"columns"},
}


def test_numbers_that_agree_by_accident_are_told_nothing() -> None:
    observation = Observation({"x": 3.0}, 3.0, 6.0)
    assert find_evidence([observation], AlteredCalls(lambda given: given["x"])) is None


def test_no_number_that_was_due_or_came_back_is_told() -> None:
    secret = 123.456
    for right, wrong, _ in CASES.values():
        said = str(said_of(right, wrong))
        assert not re.search(r"\d\.\d{4}", said), said
        assert str(secret) not in said


RULES: Final = '''
from grader.testing import evidence_of

@evidence_of("double")
def odd(got, due, x):
    """numbers that no even number is"""
    return (got % 2 == 1).all()
'''


def test_an_author_states_a_rule(tiny_course: CourseWriter) -> None:
    course = Course.load(tiny_course(solutions={"double": "def double(x):\n    return 2 * x\n"}))
    lesson = course.lesson("double")
    assert read_evidence(course, lesson) == {}
    lesson.evidence.parent.mkdir()
    lesson.evidence.write_text(RULES)
    (rule,) = read_evidence(course, lesson)["double"]
    x = np.arange(4)
    for got, said in [(2 * x + 1, "numbers that no even number is"), (np.ones((2, 2)), None)]:
        told = find_evidence([Observation({"x": x}, 2 * x, got)], NOTHING, [rule])
        assert (told == said) if said else True
    broken = [Observation({"x": x}, 2 * x, "text")]
    assert find_evidence(broken, NOTHING, [rule]) is None
    lesson.evidence.write_text(RULES.replace('"""numbers that no even number is"""', ""))
    with pytest.raises(CourseError, match="needs a docstring"):
        read_evidence(course, lesson)


def test_a_huge_value_is_told_by_its_shape_without_being_copied() -> None:
    huge = np.broadcast_to(np.int8(1), (12_000, 1_300))  # a single byte of memory

    assert Observation({"x": 1.0}, np.ones((2, 3)), huge).numbers() is None


def test_replies_that_are_huge_together_are_not_looked_at() -> None:
    asked: list[int] = []

    def double(x: int) -> np.ndarray:
        asked.append(x)
        return np.zeros(4 * 2**20, np.int8)

    lesson = ModuleType("lesson")
    vars(lesson)["double"] = double
    probes = [Probe("double", (x,), {}, corner=False) for x in range(60)]
    assert ask_all(ReferenceCallee(lesson), probes) == []
    assert len(asked) == 9, "until they are more than 32 MiB"
    assert len(ask_all(ReferenceCallee(lesson), probes[:8])) == 8


def raised(name: str, builtin: str | None = None) -> BaseException:
    """An exception of a student's."""
    return build_raised(name, builtin or name, "", None)


@pytest.mark.parametrize(
    ("came", "said"),
    [
        (raised("TypeError"), "a `TypeError` where a `ValueError` is due"),
        (raised("AssertionError"), "an `AssertionError` where a `ValueError` is due"),
        (raised("Mine", "IndexError"), "an `IndexError` where a `ValueError` is due"),
        (None, "an answer where a `ValueError` is due"),
        (raised("ValueError"), None),
        (raised("UnicodeError"), None),
        (raised("Mine", "ValueError"), None),
    ],
)
def test_an_exception_of_another_class_than_is_due_is_told(
    came: BaseException | None, said: str | None
) -> None:
    values = (None, None)
    assert name_wrong_exception([values, (ValueError(), came)]) == said
    assert (
        name_wrong_exception([(ValueError(), raised("ValueError")), (ValueError(), came)]) == said
    )


def test_exceptions_that_are_wrong_in_several_ways_are_not_told() -> None:
    wrong = [(ValueError(), None), (ValueError(), raised("TypeError"))]
    assert name_wrong_exception(wrong) is None
