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
from grader.drawing.drawing_files import NotDrawn
from grader.drawing.drawings import Drawing, draw
from grader.drawing.words import Meanings, split_words
from grader.grading.grading_process import load_references

COURSE = Course.load(REPOSITORY)
#: The lessons with functions.
DRAWN = [lesson for lesson in COURSE.lessons if not lesson.written]
SENTENCE = split_words(COURSE.show.sentence)
SHARES = Drawing("Who?", ("one", "two"), ("one", "two"), ((0.25, 0.75), (1.0, 0.0)))


def drawn(name: str, sentence: str = COURSE.show.sentence) -> Drawing:
    callee = ReferenceCallee(load_references(COURSE)[name])
    drawing = draw(COURSE, COURSE.lesson(name), callee, split_words(sentence))
    assert isinstance(drawing, Drawing)
    return drawing


def row_of(word: str, drawing: Drawing) -> dict[str, float]:
    """The numbers of a row; of a word that occurs twice, the larger one."""
    row = drawing.values[drawing.labels.index(word)]
    numbers: dict[str, float] = {}
    for name, value in zip(drawing.words, row, strict=True):
        numbers[name] = max(value, numbers.get(name, value))
    return numbers


def favourite(word: str, drawing: Drawing) -> str:
    row = row_of(word, drawing)
    return max(row, key=row.__getitem__)


# What this course's pictures answer


@pytest.mark.parametrize("name", [lesson.id for lesson in DRAWN])
def test_every_lesson_with_functions_is_drawn_with_its_unit(name: str) -> None:
    drawing = drawn(name)
    assert len(drawing.words) == 11
    shares = name not in {"dot_product", "qkv"}
    assert drawing.in_percent is shares
    assert ("In percent." if shares else "products" if name == "dot_product" else "Queries times "
            "keys") in drawing.heading  # fmt: skip


def test_words_have_the_vectors_of_the_lesson_that_shows_them() -> None:
    X = Meanings(COURSE.show).vectors(SENTENCE)
    for name in ("qkv", "self_attention"):
        assert np.array_equal(X, load_references(COURSE)[name].X)


def test_a_picture_holds_the_numbers_that_the_lessons_print() -> None:
    assert [row_of("it", drawn("dot_product"))[word] for word in ("animal", "it", "tired")] == [
        2, 6, 1,
    ]  # fmt: skip
    assert row_of("it", drawn("qkv")) | {"animal": 8, "it": 4, "tired": 5} == row_of(
        "it", drawn("qkv")
    )
    shares = row_of("it", drawn("self_attention"))
    assert (round(shares["animal"], 2), round(shares["tired"], 2)) == (0.82, 0.10)


@pytest.mark.parametrize(
    ("sentence", "pronoun", "noun"),
    [
        (COURSE.show.sentence, "it", "animal"),
        ("The cat sat on the mat. It is eating now.", "It", "cat"),
        ("I saw the dog because it barked near the river", "it", "dog"),
        ("The woman crossed the bridge after she had seen the road", "she", "woman"),
        ("The old house stood empty, but the children liked it", "it", "children"),
        ("The horses stopped at the gate since they were thirsty", "they", "horses"),
    ],
)
def test_a_pronoun_looks_at_itself_first_and_at_its_noun_through_queries_and_keys(
    sentence: str, pronoun: str, noun: str
) -> None:
    alone = drawn("attention_matrix", sentence)
    assert favourite(pronoun, alone) == pronoun
    assert f"Highest in the row of “{pronoun}”: itself" in alone.summary
    for name in ("qkv", "self_attention"):
        learned = drawn(name, sentence)
        assert favourite(pronoun, learned) == noun
        assert f"Highest in the row of “{pronoun}”: {noun} " in learned.summary
    assert row_of(pronoun, drawn("self_attention", sentence))[noun] > 0.7


def test_a_word_that_occurs_twice_is_told_once_and_by_its_number() -> None:
    told = drawn("attention_matrix", "it saw the dog and it ran").summary
    assert told == "Highest in the row of “it”: itself 43%, it (word 6) 43%, dog 6%."


def test_a_row_of_one_number_has_no_highest() -> None:
    told = drawn("multi_head", "the cat saw that it rained").summary
    assert told == "In the row of “it” all numbers are alike: 17%."


def test_the_embeddings_alone_cannot_tell_the_animal_from_the_street() -> None:
    for name in ("dot_product", "attention_matrix"):
        row = row_of("it", drawn(name))
        assert row["animal"] == row["street"]
    row = row_of("it", drawn("self_attention"))
    assert row["animal"] > 100 * row["street"]


def test_looking_is_mutual_in_lesson_3_and_not_in_lesson_4() -> None:
    scores = np.array(drawn("dot_product").values)
    assert np.array_equal(scores, scores.T)
    asked = np.array(drawn("qkv").values)
    it, animal = SENTENCE.index("it"), SENTENCE.index("animal")
    assert (asked[it, animal], asked[animal, it]) == (8, 0)


def test_lesson_2_shows_what_changes_shares_and_what_does_not() -> None:
    drawing = drawn("softmax")
    assert drawing.labels == ("it / 2", "it as it is", "it + 100", "it * 2")
    half, plain, shifted, double = np.array(drawing.values)
    assert np.allclose(plain, shifted)
    assert half.max() < plain.max() < double.max()
    assert np.allclose(half, drawn("attention_matrix").values[SENTENCE.index("it")])  # √4 = 2
    assert drawn("softmax", "The dog slept").labels[0] == "dog / 2"  # without a pronoun


def test_a_trained_model_looks_back_at_the_noun_that_can_be_tired_or_wide() -> None:
    tired = drawn("tiny_gpt", "The dog didn't enter the river because it was too tired")
    wide = drawn("tiny_gpt", "The dog didn\u2019t enter the river because it was too deep")
    assert tired.labels == ("so the: head 1", "so the: head 2")
    assert favourite("so the: head 1", tired) == favourite("so the: head 2", tired) == "dog"
    assert favourite("so the: head 1", wide) == "river"


def test_a_trained_model_reads_a_word_that_it_does_not_know_as_one_of_its_kind() -> None:
    unknown = drawn("tiny_gpt", "The zebra didn't reach Paris as it was too exhausted")
    known = drawn("tiny_gpt", "The animal didn't reach the the it was too tired")
    assert unknown.values == known.values
    assert "reads any other as one of its kind" in unknown.notes[0]


def test_what_follows_the_title_of_a_drawing_stands_below_it_instead_of_the_vectors() -> None:
    (note,) = drawn("positions").notes
    assert note == (
        "Each place is 16 sines and cosines of yours, and looks for places that are like it."
    )


OVER_COLUMNS = """
import numpy as np

def over_columns(scores):
    exponentials = np.exp(scores - scores.max())
    return exponentials / exponentials.sum(axis=0)
"""
WRONG = {
    "dot_product": "def similarity_scores(q, X): return X[:, 0] * q[0]",
    "softmax": "def softmax(scores, axis=-1): return over_columns(scores)",
    "attention_matrix": "def attention_matrix(X): return over_columns(X @ X.T / 2)",
    "qkv": "def project_qkv(X, q, k, v): return X @ q, X @ k, X @ v\n"
    "def qk_scores(Q, K): return K @ Q.T",
    "self_attention": "def self_attention(X, q, k, v):\n"
    "    return X, over_columns(X @ q @ (X @ k).T / 2**0.5)",
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_functions_give_another_picture(name: str) -> None:
    module = ModuleType("wrong")
    exec(OVER_COLUMNS + WRONG[name], vars(module))
    wrong, right = draw(COURSE, COURSE.lesson(name), ReferenceCallee(module)), drawn(name)
    assert isinstance(wrong, Drawing)
    assert wrong.numbers() != right.numbers()
    assert not wrong.in_percent, "rows that are no shares are not called percent"
    if name == "qkv":
        assert favourite("animal", wrong) == "it", "the wrong way round"


# Words


def test_a_sentence_becomes_words() -> None:
    assert split_words("The animal didn\u2019t, it (too)!") == (
        "The",
        "animal",
        "didn\u2019t",
        "it",
        "too",
    )
    assert split_words("¿…?") == ()


def test_a_word_has_the_vector_of_its_kind_in_capitals_and_with_any_apostrophe() -> None:
    meanings = Meanings(COURSE.show)
    X = meanings.vectors(["CAT", "cat", "didn\u2019t", "didn't", "zyx"])
    assert X.tolist() == [[2, 0, 0, 0], [2, 0, 0, 0], [0, 0, 1, 0], [0, 0, 1, 0], [0, 0, 0, 0]]
    assert meanings.vectors([]).shape == (0, 4)


def test_a_picture_says_what_each_word_is_in_numbers_and_which_are_unknown() -> None:
    numbers, unknown = drawn("qkv", "The zyx saw Bob, and bob saw the zyx").notes
    assert numbers == (
        "Each word as numbers (creature, place, deed, pronoun): saw (0, 0, 2, 0); "
        "Bob (2, 0, 0, 0); The, zyx, and all zeros."
    )
    assert unknown == (
        "Not in the list of words in course.yaml: zyx. It is taken for a word without a meaning, "
        "all zeros; you may add it to the list."
    )
    assert len(drawn("qkv").notes) == 1


# How a picture looks


def test_shares_are_shown_in_percent_and_scores_as_numbers() -> None:
    lines = heatmap.in_terminal(SHARES, colour=False)
    assert lines[1].split() == ["one", "25", "75"]
    scores = Drawing("", ("a", "b"), ("a", "b"), ((-0.04, 2.0), (1e7, -3.25)))
    assert heatmap.in_terminal(scores, colour=False)[1].split() == ["a", "0.0", "2.0"]
    whole = Drawing("", ("a", "b"), ("a", "b"), ((-0.0, 2.0), (12.0, -3.0)))
    assert heatmap.in_terminal(whole, colour=False)[1].split() == ["a", "0", "2"]


@pytest.mark.parametrize("columns", [60, 80])
@pytest.mark.parametrize("name", [lesson.id for lesson in DRAWN])
def test_no_word_is_cut_in_an_ordinary_terminal(name: str, columns: int) -> None:
    lines = heatmap.in_terminal(drawn(name), colour=False, columns=columns)
    assert max(map(len, lines)) <= columns
    said = "\n".join(lines)
    for number, word in enumerate(SENTENCE, start=1):
        assert re.search(rf"\b{re.escape(word)}\b", said)
        assert (f"{number} {word}" in said) is (columns == 60)


@pytest.mark.parametrize("columns", [1, 20, 40, 80])
def test_a_long_sentence_fits_a_narrow_terminal(columns: int) -> None:
    words = tuple(f"word{n}" for n in range(30))
    drawing = Drawing("", words, words, tuple(tuple(np.eye(30)[n].tolist()) for n in range(30)))
    lines = heatmap.in_terminal(drawing, colour=False, columns=columns)
    assert max(map(len, lines[:-1])) <= max(columns, 20)
    assert "would not fit" in lines[-1]


def test_colours_are_closed_on_every_line() -> None:
    for line in heatmap.in_terminal(SHARES, colour=True)[1:]:
        assert line.count("\x1b[48") == line.count("\x1b[0m") == 2


def test_whatever_the_words_are_the_image_is_well_formed() -> None:
    hostile = Drawing(
        "<b>&", ("<script>", "\u00c4\u00df?"), ("<script>", "b"), SHARES.values, "<i>"
    )
    image = ET.fromstring(heatmap.as_svg(hostile))
    texts = [text.text for text in image.iter("{http://www.w3.org/2000/svg}text")]
    assert texts[0] == texts[2] == "<script>"
    assert texts[-2:] == ["<b>& In percent.", "<i>"]


def test_an_image_has_room_for_the_longest_words() -> None:
    long = Drawing("", ("a" * 20, "b" * 20), ("so it: " + "c" * 13, "d"), SHARES.values)
    short = Drawing("", ("a", "b"), ("c", "d"), SHARES.values)
    (width, height), (less, lower) = (
        (int(image.attrib["width"]), int(image.attrib["height"]))
        for image in (ET.fromstring(heatmap.as_svg(drawing)) for drawing in (long, short))
    )
    assert width - less >= 60 + 55, "to the left of the rows, and behind the last word that leans"
    assert height - lower >= 40


def test_the_highest_number_is_white_on_dark_and_zero_is_black_on_white() -> None:
    image = heatmap.as_svg(SHARES)
    for back, ink, number in (("#08306b", "#fff", "100"), ("#ffffff", "#000", "0")):
        assert re.search(rf'fill="{back}"/><text [^>]*fill="{ink}">{number}<', image)


@pytest.mark.parametrize("words", [("ß", "ßß"), ("\ufdfa", "a"), ("\u0301", "'"), ("x" * 20, "")])
@pytest.mark.parametrize("values", [SHARES.values, ((1e308, -1e308), (0.0, 5e-324))])
def test_words_and_numbers_of_any_size_can_be_drawn(
    words: tuple[str, str], values: tuple[tuple[float, ...], ...]
) -> None:
    drawing = Drawing("", words, words, values)
    assert heatmap.as_svg(drawing).count("<rect") == 1 + 4
    assert heatmap.in_terminal(drawing, colour=True)


ROWS = ("float('nan')", "float('inf')", "'a'", "1j")


@pytest.mark.parametrize(
    "value", ["'text'", "None", "X[0]", "[[1], [1, 2]]", *(f"[{row}] * len(X)" for row in ROWS)]
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
