"""The lessons keep their word: every example runs, every number shown is the number computed."""

from __future__ import annotations

import ast
import doctest
import importlib
import inspect
import re
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal, localcontext
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from lesson_texts import FUNCTIONS, QUIZ, SOLUTIONS, TEXTS, cells_of, prose_of, text_of
from places import REPOSITORY

from grader.course import Course
from grader.course.stubs import make_stub
from grader.verify.lesson_minutes import measure_work, minutes_for, say_work

Load = Callable[[str], ModuleType]  # a lesson by its name

EVERY_TEXT = pytest.mark.parametrize("name", TEXTS)
EVERY_LESSON = pytest.mark.parametrize("name", FUNCTIONS)
EVERY_FUNCTION = pytest.mark.parametrize(
    ("name", "function"), [(name, function) for name in FUNCTIONS for function in FUNCTIONS[name]]
)


@pytest.fixture
def lesson(monkeypatch: pytest.MonkeyPatch) -> Iterator[Load]:
    """Import a lesson by name, and forget it afterwards: `softmax` is no module of this project."""

    def forget() -> None:
        for name in TEXTS:
            sys.modules.pop(name, None)

    monkeypatch.syspath_prepend(SOLUTIONS)
    forget()
    yield importlib.import_module
    forget()


def run_examples(example: doctest.DocTest) -> int:
    """Run one doctest and return how many examples it held; fail with doctest's own report."""
    report: list[str] = []
    results = doctest.DocTestRunner().run(example, out=report.append)
    assert results.failed == 0, "".join(report)
    return results.attempted


# Examples and numbers


@EVERY_FUNCTION
def test_the_examples_in_a_docstring_come_out_as_shown(
    lesson: Load, name: str, function: str
) -> None:
    module = lesson(name)
    (example,) = doctest.DocTestFinder(recurse=False).find(
        getattr(module, function), name=function, globs=dict(vars(module))
    )
    assert run_examples(example) >= 2, f"{function} shows fewer than two examples"


def test_cosines_with_chasing_are_the_published_ones(lesson: Load) -> None:
    module = lesson("dot_product")
    cosines = [module.cosine_similarity(module.CHASING, vector) for vector in module.EMBEDDINGS]
    assert module.WORDS == ["The", "FBI", "is", "chasing", "a", "criminal", "the", "run"]
    assert np.round(cosines, 2).tolist() == [0.67, 0.99, 0.88, 1.0, 0.84, 0.95, 0.6, 0.99]


def test_the_scores_that_softmax_starts_from_are_those_of_the_lesson_before(lesson: Load) -> None:
    before, now = lesson("dot_product"), lesson("softmax")
    assert now.WORDS == before.WORDS
    scores = before.similarity_scores(before.CHASING, before.EMBEDDINGS)
    assert now.SCORES.tolist() == scores.round(2).tolist()


def test_the_last_two_lessons_share_one_toy_sentence(lesson: Load) -> None:
    qkv, attention = lesson("qkv"), lesson("self_attention")
    assert attention.SENTENCE == qkv.SENTENCE
    for name in ["X", "W_Q", "W_K", "W_V"]:
        np.testing.assert_array_equal(getattr(attention, name), getattr(qkv, name))


@pytest.mark.slow
def test_the_table_of_largest_shares_agrees_with_a_simulation(lesson: Load) -> None:
    softmax = lesson("softmax").softmax
    rows = re.findall(
        r"(?m)^ {4} *(\d+) (\d\.\d\d) ▏█* +(\d\.\d\d) ▏█* +(\d\.\d\d) ▏█*$",
        prose_of(text_of("self_attention")),
    )
    assert [int(d_k) for d_k, *_ in rows] == [4, 64, 256]
    rng = np.random.default_rng(2017)
    for d_k, shown in ((int(d_k), [float(share) for share in row]) for d_k, *row in rows):
        query, keys = rng.normal(size=(4000, 1, d_k)), rng.normal(size=(4000, 8, d_k))
        scores = (query * keys).sum(axis=-1)  # (trials, n_keys)
        largest = [softmax(scores / scale).max(axis=-1).mean() for scale in (1, np.sqrt(d_k), d_k)]
        np.testing.assert_allclose(largest, shown, atol=0.015, err_msg=f"d_k = {d_k}")


def test_a_word_of_the_field_is_explained_where_it_first_appears() -> None:
    lessons = Course.load(REPOSITORY).lessons
    names = [lesson.id for lesson in lessons]
    for word, defined in [("token", "attention_matrix"), ("embedding", "dot_product")]:
        bold = re.compile(rf"\*\*{word}s?\*\*")
        using = re.compile(rf"\b{word}s?\b", re.IGNORECASE)
        for lesson in lessons[: names.index(defined)]:
            texts = [text_of(lesson.id), lesson.visible_checks.read_text("utf-8")]
            texts += [step for steps in lesson.hints.values() for step in steps]
            assert not any(using.search(text) for text in texts), f"{word} in {lesson.id}"
        source = text_of(defined)
        explained = bold.search(source)
        assert explained is not None, f"{defined} does not explain {word}"
        assert not using.search(source[: explained.start()])


def test_hints_begin_with_a_question_and_do_not_repeat_themselves() -> None:
    lessons = Course.load(SOLUTIONS.parent).lessons
    for lesson in lessons:
        assert {question.id for question in lesson.written} <= set(lesson.hints)
        for steps in lesson.hints.values():
            assert steps[0].count("?") >= 1, "the first step asks"
            assert len(set(steps)) == 3


def test_the_quiz_sends_its_readers_to_places_that_exist() -> None:
    hidden = SOLUTIONS.parent / "tests" / "lessons" / "hidden" / f"test_{QUIZ}.py"
    places = re.findall(r"“(.+?)” in lesson (\d)", " ".join(hidden.read_text("utf-8").split()))
    assert len(places) >= 7
    for heading, number in places:
        prose = prose_of(text_of(TEXTS[int(number) - 1])).replace('"', "")
        assert f"## {heading}\n" in prose, heading


# Numerics


def exact_softmax(scores: np.ndarray) -> list[float]:
    """Softmax as the formula has it, in decimal arithmetic that neither overflows nor rounds."""
    with localcontext(prec=60):
        exponentials = [Decimal(float(score)).exp() for score in scores]
        return [float(exponential / sum(exponentials)) for exponential in exponentials]


@pytest.mark.parametrize("spread", [1, 30, 1e4])
@pytest.mark.parametrize("start", [0, 1000, -1000, 1e4, -1e4])
def test_softmax_agrees_with_exact_arithmetic(lesson: Load, spread: float, start: float) -> None:
    scores = start + spread * np.random.default_rng(1).uniform(-1, 1, size=9)
    np.testing.assert_allclose(lesson("softmax").softmax(scores), exact_softmax(scores), rtol=1e-12)


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int64", "float32"])
def test_results_are_float64_whatever_goes_in(lesson: Load, dtype: str) -> None:
    rng = np.random.default_rng(2)
    X, W_q, W_k, W_v = (
        rng.integers(0, 100, size=size).astype(dtype) for size in [(5, 8), (8, 6), (8, 6), (8, 4)]
    )
    one, two, three, five = map(
        lesson, ("dot_product", "softmax", "attention_matrix", "self_attention")
    )
    four = lesson("qkv")
    weights = three.attention_matrix(X)
    small, *matrices = ((it % 3).astype(dtype) for it in (X, W_q, W_k))
    ten = lesson("learning")
    learned_q, learned_k, losses = ten.train([(small, 0, 1)], *matrices, 2, 0.01)
    results = [
        learned_q,
        learned_k,
        *ten.loss_grads(small, *matrices, 0, 1),
        ten.softmax_grad(X[0], 2),
        *lesson("cross_attention").cross_attention(X, X[:3], W_q, W_k, W_v),
        one.similarity_scores(X[0], X),
        two.softmax(X),
        three.attention_scores(X),
        weights,
        three.blend(weights.round().astype(dtype), X),
        *four.project_qkv(X, W_q, W_k, W_v),
        four.qk_scores(X, X),
        *five.self_attention(X, W_q, W_k, W_v),
    ]
    assert {result.dtype.name for result in results} == {"float64"}
    assert all(np.isfinite(result).all() for result in results)
    numbers = one.dot_product(X[0], X[1]), one.cosine_similarity(X[0], X[1]), losses[0]
    assert [type(number) for number in numbers] == [float] * 3
    assert numbers[0] == sum(int(a) * int(b) for a, b in zip(X[0], X[1], strict=True))


def test_a_cosine_never_leaves_its_range(lesson: Load) -> None:
    cosine_similarity = lesson("dot_product").cosine_similarity
    for v in np.random.default_rng(3).normal(size=(500, 5)):
        assert -1.0 <= cosine_similarity(v, -7 * v) <= cosine_similarity(v, 3 * v) <= 1.0


# Form


@EVERY_TEXT
def test_a_lesson_is_a_notebook_in_percent_format(name: str) -> None:
    source = text_of(name)
    assert source.startswith("# %% [markdown]\n# # "), "a lesson opens with its title"
    for kind, text in cells_of(source):
        if kind == "markdown":
            stray = [line for line in text.splitlines() if line and not line.startswith("#")]
            assert not stray, f"a markdown cell holds a line that is no comment: {stray[0]!r}"
        else:
            ast.parse(text)


@EVERY_LESSON
def test_a_lesson_asks_before_it_tells_and_says_where_it_ends(name: str) -> None:
    prose, source = prose_of(text_of(name)), text_of(name)
    assert 0 < source.index("**Predict") < source.rindex("\ndef "), "a prediction precedes the code"
    assert re.findall(r"^## (.+)$", prose, re.MULTILINE)[-1] == "Out of scope"


@EVERY_TEXT
def test_a_lesson_says_how_long_it_takes_as_the_list_of_lessons_does(name: str) -> None:
    minutes = Course.load(REPOSITORY).lesson(name).minutes
    work = measure_work([text_of(name)], where=name)
    assert minutes == minutes_for(work), f"see docs/authoring.md; {say_work(work)}"
    further = ", without what stands under Further" * ("## Further" in text_of(name))
    assert f"# *About {minutes} minutes{further}.*" in text_of(name).splitlines()[:5]


@EVERY_TEXT
def test_a_lesson_imports_without_its_answers(
    lesson: Load, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A student starts from files without answers; nothing outside the functions may need one.
    for path in SOLUTIONS.glob("*.py"):
        stub = make_stub(path.read_text(encoding="utf-8"), where=path.name)
        (tmp_path / path.name).write_text(stub, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    module = lesson(name)
    assert Path(inspect.getfile(module)).parent == tmp_path
    for function in FUNCTIONS.get(name, {}):
        assert "raise NotImplementedError" in inspect.getsource(getattr(module, function))


@EVERY_FUNCTION
def test_a_docstring_gives_shapes_for_what_goes_in_and_what_comes_out(
    lesson: Load, name: str, function: str
) -> None:
    documented = getattr(lesson(name), function)
    parameters = list(inspect.signature(documented).parameters)
    assert parameters == FUNCTIONS[name][function]
    _, _, contract = (inspect.getdoc(documented) or "").partition("Parameters\n----------\n")
    accepted, _, returned = contract.partition("Returns\n-------\n")
    described = re.findall(r"^([\w, ]+) : ", accepted, re.MULTILINE)
    assert ", ".join(described).split(", ") == parameters
    if "ndarray" in str(inspect.signature(documented).parameters.values()):
        assert "shape (" in accepted, "an array's shape is given in symbols"
    assert re.search(r"shape|^float|^int", returned, re.MULTILINE), "and so is the result's"


@EVERY_LESSON
def test_a_lesson_holds_its_public_functions_and_no_others(lesson: Load, name: str) -> None:
    module = lesson(name)
    functions = [
        key
        for key, value in vars(module).items()
        if inspect.isfunction(value) and value.__module__ == name
    ]
    assert functions == list(FUNCTIONS[name])
