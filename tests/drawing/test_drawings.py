"""What `grader show` draws of this course's lessons, and how it looks."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from types import ModuleType

import numpy as np
import pytest
from places import REPOSITORY

from grader.checks.reference import ReferenceCallee
from grader.course import Course
from grader.drawing import heatmap
from grader.drawing.drawings import Drawing, NotDrawn, draw
from grader.drawing.embeddings import embed, split_words
from grader.grading.process import load_references

COURSE = Course.load(REPOSITORY)
#: The lessons with functions.
DRAWN = [lesson for lesson in COURSE.lessons if not lesson.written]
SHARES = Drawing("Who?", ("one", "two"), ((0.25, 0.75), (1.0, 0.0)))


def drawn(name: str) -> Drawing:
    lesson = COURSE.lesson(name)
    drawing = draw(COURSE, lesson, ReferenceCallee(load_references(COURSE)[name]))
    assert isinstance(drawing, Drawing)
    return drawing


@pytest.mark.parametrize("name", [lesson.id for lesson in DRAWN])
def test_every_lesson_with_functions_can_be_drawn(name: str) -> None:
    assert len(drawn(name).words) == 11


@pytest.mark.parametrize("name", ["attention_matrix", "self_attention"])
def test_the_word_it_attends_to_animal_and_tired(name: str) -> None:
    drawing = drawn(name)
    it = drawing.words.index("it")
    others = [(value, word) for value, word in zip(drawing.values[it], drawing.words, strict=True)]
    _, second, third = sorted(others, reverse=True)[:3]
    assert {second[1], third[1]} == {"animal", "tired"}


def test_a_sentence_becomes_words() -> None:
    assert split_words("The animal didn\u2019t, it (too)!") == (
        "The",
        "animal",
        "didn\u2019t",
        "it",
        "too",
    )
    assert split_words("¿…?") == ()


def test_the_same_words_have_the_same_vectors_and_like_words_are_near() -> None:
    X = embed(["Cat", "cat", "cats", "tree"], [["cat", "tree"]])
    assert np.array_equal(X[0], X[1])
    plain = embed(["cat", "cats", "tree"])
    assert plain[0] @ plain[1] > plain[0] @ plain[2]
    assert X[1] @ X[3] > plain[0] @ plain[2]
    assert embed([]).shape == (0, 16)


def test_shares_are_shown_in_percent_and_scores_as_numbers() -> None:
    lines = heatmap.in_terminal(SHARES, colour=False)
    assert lines[1].split() == ["one", "25", "75"]
    scores = Drawing("", ("a", "b"), ((-0.04, 2.0), (1e7, -3.25)))
    assert heatmap.in_terminal(scores, colour=False)[1].split() == ["a", "0.0", "2.0"]


@pytest.mark.parametrize("columns", [1, 20, 40, 80])
def test_a_long_sentence_fits_a_narrow_terminal(columns: int) -> None:
    words = tuple(f"word{n}" for n in range(30))
    drawing = Drawing("", words, tuple(tuple(np.eye(30)[n].tolist()) for n in range(30)))
    lines = heatmap.in_terminal(drawing, colour=False, columns=columns)
    assert max(map(len, lines[:-1])) <= max(columns, 20)
    assert "would not fit" in lines[-1]


def test_colours_are_closed_on_every_line() -> None:
    for line in heatmap.in_terminal(SHARES, colour=True)[1:]:
        assert line.count("\x1b[48") == line.count("\x1b[0m") == 2


def test_whatever_the_words_are_the_image_is_well_formed() -> None:
    hostile = Drawing("<b>&", ("<script>", "\u00c4\u00df?"), SHARES.values)
    image = ET.fromstring(heatmap.as_svg(hostile))
    assert [text.text for text in image.iter("{http://www.w3.org/2000/svg}text")][:2] == [
        "<script>", "<script>",
    ]  # fmt: skip


def test_the_highest_number_is_white_on_dark_and_zero_is_black_on_white() -> None:
    image = heatmap.as_svg(SHARES)
    for back, ink, number in (("#08306b", "#fff", "100"), ("#ffffff", "#000", "0")):
        assert re.search(rf'fill="{back}"/><text [^>]*fill="{ink}">{number}<', image)


@pytest.mark.parametrize("words", [("ß", "ßß"), ("\ufdfa", "a"), ("\u0301", "'"), ("x" * 20, "")])
@pytest.mark.parametrize("values", [SHARES.values, ((1e308, -1e308), (0.0, 5e-324))])
def test_words_and_numbers_of_any_size_can_be_drawn(
    words: tuple[str, str], values: tuple[tuple[float, ...], ...]
) -> None:
    drawing = Drawing("", words, values)
    assert heatmap.as_svg(drawing).count("<rect") == 1 + 4
    assert heatmap.in_terminal(drawing, colour=True)


ROWS = ("float('nan')", "float('inf')", "'a'", "1j")


@pytest.mark.parametrize(
    "value", ["'text'", "None", "X[0]", "[[1], [1, 2]]", *(f"[{it}] * len(X)" for it in ROWS)]
)
def test_what_is_no_matrix_is_not_drawn(value: str) -> None:
    code = f"def similarity_scores(q, X):\n    return {value}"
    assert "shape (11, 11)" in not_drawn("dot_product", code)


def test_a_value_that_breaks_the_drawing_is_reported_as_the_students() -> None:
    reason = not_drawn("self_attention", "def self_attention(*_):\n    return 3")
    assert reason == "what `self_attention` returns cannot be drawn"


def not_drawn(name: str, code: str) -> str:
    module = ModuleType("odd")
    exec(code, vars(module))
    drawing = draw(COURSE, COURSE.lesson(name), ReferenceCallee(module))
    assert isinstance(drawing, NotDrawn)
    return drawing.reason
