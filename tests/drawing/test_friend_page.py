"""The page for a friend: what it computes, and that nothing but text and numbers gets into it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from friend_pages import COURSE, EVIL, hostile_page, made
from page_elements import Elements, text_of
from places import REPOSITORY

from grader.checks.reference import ReferenceCallee
from grader.course import Course
from grader.drawing.drawing_files import NotDrawn
from grader.drawing.friend_html import as_html
from grader.drawing.friend_page import (
    MOST_WORDS,
    FriendPage,
    has_page,
    make_friend_page,
)
from grader.drawing.words import Meanings, split_words
from grader.errors import CourseError
from grader.grading.grading_process import load_references

WITH_PAGE = [lesson.id for lesson in COURSE.lessons if has_page(COURSE, lesson)]
TIRED, WIDE = (
    f"The animal didn't cross the street because it was too {last}." for last in ("tired", "wide")
)


def favourite(page: FriendPage, scene: int, tab: int = 0) -> str:
    """The word to which the first word that is looked at gives most."""
    shown = page.scenes[scene]
    return shown.words[int(np.argmax(shown.tabs[tab][shown.row]))]


# What this course's pages show


def test_the_lessons_in_which_words_look_at_words_have_a_page() -> None:
    pages = ["attention_matrix", "self_attention", "multi_head", "positions", "tiny_gpt"]
    assert pages == WITH_PAGE
    assert not has_page(COURSE, COURSE.lesson("dot_product"))
    assert not has_page(COURSE, COURSE.lesson("concepts")), "it has no drawing at all"


@pytest.mark.parametrize("name", WITH_PAGE)
def test_every_row_of_a_page_is_shares_and_the_file_is_small(name: str) -> None:
    page = made(name)
    for scene in page.scenes:
        assert np.shape(scene.tabs) == (max(len(page.tabs), 1), *[len(scene.words)] * 2)
        assert np.allclose(np.sum(scene.tabs, axis=-1), 1)
    assert len(as_html(page).encode()) < 200_000


@pytest.mark.parametrize("name", ["attention_matrix", "self_attention", "positions"])
def test_tired_and_wide_are_the_two_sentences_of_the_switch(name: str) -> None:
    tired, wide = made(name).scenes
    assert (tired.name, wide.name) == ("too tired", "too wide")
    assert (tired.words, wide.words) == (split_words(TIRED), split_words(WIDE))
    assert tired.words[tired.row] == wide.words[wide.row] == "it"


def test_the_weights_of_a_page_are_those_of_the_functions() -> None:
    X = Meanings(COURSE.show).vectors(split_words(WIDE))
    weights = load_references(COURSE)["attention_matrix"].attention_matrix(X)
    assert np.allclose(made("attention_matrix").scenes[1].tabs[0], weights, rtol=1e-8, atol=0)


def test_one_look_finds_the_animal_always_and_two_layers_find_what_can_be_tired_or_wide() -> None:
    one, two = made("self_attention"), made("positions")
    assert [favourite(one, scene) for scene in (0, 1)] == ["animal", "animal"]
    assert [favourite(two, scene, tab) for scene in (0, 1) for tab in (0, 1)] == [
        "tired", "animal", "wide", "street",
    ]  # fmt: skip
    assert two.tabs[two.first_tab][0] == "Layer 2"


def test_two_heads_find_who_and_whom_and_a_single_one_finds_half_of_each() -> None:
    page = made("multi_head")
    assert [favourite(page, 0, tab) for tab in (0, 1)] == ["cat", "mouse"]
    assert [favourite(page, 1, tab) for tab in (0, 1)] == ["mouse", "cat"]
    scene = page.scenes[0]
    cat, mouse = (scene.tabs[2][scene.row][scene.words.index(word)] for word in ("cat", "mouse"))
    assert 0.49 < cat == pytest.approx(mouse)
    assert [name for name, _ in page.tabs] == ["Head 1: who?", "Head 2: whom?", "One head"]


def test_the_model_that_writes_says_what_comes_next_and_never_looks_ahead() -> None:
    page = made("tiny_gpt")
    for scene, noun in zip(page.scenes, ("animal", "street"), strict=True):
        shares = dict(scene.next)
        assert max(shares, key=shares.__getitem__) == noun
        assert shares[noun] > 0.9
        assert scene.words[0] == "\u00b6"
        assert scene.words[-1] == scene.words[scene.row] == "the"
        assert np.array_equal(scene.tabs, np.tril(scene.tabs))
    assert favourite(page, 0, page.first_tab) == "animal"
    assert "So the mouse rested." in page.scenes[0].wrote[0]
    assert "Which word comes next? animal 95 %" in text_of(as_html(page))


def test_how_often_a_head_finds_the_noun_is_what_was_measured() -> None:
    measured = (REPOSITORY / "tiny_model" / "results.txt").read_text("utf-8")
    tabs = dict(made("tiny_gpt").tabs)
    assert "head 1 of block 2 looks at the right noun: 89." in measured
    assert "In 89 of 100" in tabs["Block 2, head 1"]
    assert re.search(r"head 2 of block 2 .*at creatures 100\.0%, at places 0\.0%", measured)


@pytest.mark.parametrize("name", WITH_PAGE)
def test_a_sentence_of_ones_own_has_no_switch(name: str) -> None:
    page = made(name, "Bob saw the dog because it barked")
    assert len(page.scenes) == 1
    assert 'name="scene"' not in as_html(page)


def heading_of(page: FriendPage) -> str:
    """The title of a page, and what follows it above the sentence."""
    return " ".join([page.title, *page.lead])


def test_the_lesson_s_own_sentences_have_a_heading_of_their_own() -> None:
    own, typed = made("multi_head"), made("multi_head", "The mouse chased the cat")
    assert own.title == typed.title == "Who chased whom?"
    assert made("multi_head", "Bob saw the dog").title == "Who did it, and to whom?"


@pytest.mark.parametrize("sentence", [None, "Bob saw the dog because he barked", "My nephew yawns"])
@pytest.mark.parametrize("name", WITH_PAGE)
def test_the_heading_of_a_page_speaks_of_no_word_that_is_not_on_it(
    name: str, sentence: str | None
) -> None:
    page = made(name, sentence)
    words = {word.lower() for scene in page.scenes for word in scene.words}
    quoted = " ".join(re.findall("“(.+?)”", heading_of(page))).split()
    nouns = [word for word in ("animal", "street", "cat", "mouse") if word in heading_of(page)]
    assert {*quoted, *nouns} <= words


# What may be shown


HERE = ModuleType("here")
HERE.weights = lambda n: np.full((n, n), 1 / n)  # type: ignore[attr-defined]
PAGE = 'def page(student, X, words):\n    return {"weights": student.weights(len(X))}\n'


@pytest.fixture
def with_drawing(course_at: Any, tmp_path: Path) -> Any:
    """A page of a made-up lesson: by the code of its drawing, and the student's functions."""
    course = Course.load(course_at(tmp_path / "course", show={"sentence": "One two three."}))
    [lesson] = course.lessons
    lesson.drawing.parent.mkdir(parents=True)

    def make(
        code: str = PAGE, student: ModuleType = HERE, words: tuple[str, ...] | None = None
    ) -> FriendPage | NotDrawn:
        lesson.drawing.write_text(code)
        return make_friend_page(course, lesson, ReferenceCallee(student), words)

    return make


@pytest.mark.parametrize(
    "value",
    [
        "None", "'<script>'", "float('nan')", "[[float('nan')] * n] * n",
        "[[float('inf')] * n] * n",
        "[[1e308] * n] * n", "[[-1] + [1] * 2] * n", "[[1 / n] * n] * 2", "[[1], [1, 2]]",
        "[[[1 / n] * n] * n] * 2", "np.eye(n)[np.newaxis, np.newaxis]", "np.eye(n) * 1j",
        "[['1', '0', '0']] * n",
    ],
)  # fmt: skip
def test_what_is_no_shares_of_all_words_is_told_in_a_sentence(
    with_drawing: Any, value: str
) -> None:
    student = ModuleType("student")
    exec(f"import numpy as np\ndef weights(n): return {value}", vars(student))
    computed = with_drawing(student=student)
    assert isinstance(computed, NotDrawn)
    assert computed.reason == (
        "`weights` should give, for each word, its shares of all 3: numbers that add up to 1; and "
        "it does not"
    )


def test_a_word_may_look_at_itself_alone(with_drawing: Any) -> None:
    student = ModuleType("student")
    exec("import numpy as np\ndef weights(n): return np.eye(n, dtype=bool)", vars(student))
    page = with_drawing(student=student)
    assert page.scenes[0].tabs[0] == ((1, 0, 0), (0, 1, 0), (0, 0, 1))
    assert "“One” looks at itself with 100 %." in text_of(as_html(page))


def test_the_longest_sentence_makes_a_small_file_and_its_unknown_words_are_named(
    with_drawing: Any,
) -> None:
    page = with_drawing(words=("zyx",) * MOST_WORDS)
    assert len(as_html(page).encode()) < 100_000
    assert "zyx" in page.notes[0]
    assert "Not in the list" not in as_html(page)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("def page(student, X, words):\n    return 3", "should return a dict with `weights`"),
        (f"TABS = ['a']\n{PAGE}", "TABS should be a dict of texts"),
        (f"TABS = {{'a': 'A.'}}\nFIRST_TAB = 'b'\n{PAGE}", "FIRST_TAB is none of TABS"),
        (f"SENTENCES = {{'a': 3}}\n{PAGE}", "SENTENCES should be a dict of texts"),
        ("def page(student, X, words):\n    return 1 / 0", "ZeroDivisionError"),
    ],
)
def test_what_an_author_gets_wrong_is_not_blamed_on_the_student(
    with_drawing: Any, code: str, reason: str
) -> None:
    with pytest.raises(CourseError, match=reason) as caught:
        with_drawing(code)
    assert "tests/lessons/drawings/double.py" in str(caught.value)


# The file


def test_nothing_that_others_wrote_becomes_an_element() -> None:
    elements = Elements(as_html(hostile_page(), by=EVIL)).found
    tags = [tag for tag, _ in elements]
    assert (tags.count("script"), tags.count("img")) == (1, 0)
    attributes: list[Mapping[str, str | None]] = [own for _, own in elements]
    assert not [name for own in attributes for name in own if name.startswith("on")]
    assert not [own for own in attributes if "style" in own]
    [data] = [own["data-page"] for own in attributes if "data-page" in own]
    assert json.loads(data or "")["scenes"][0]["words"] == [EVIL, "b"]


def test_without_its_script_the_page_has_a_sentence_a_table_and_no_dead_switch() -> None:
    page = as_html(made("self_attention"))
    said = text_of(page)
    assert "“it” looks at animal with 82 %, tired with 10 % and itself with 5 %." in said
    assert "it 0 82 1 1 0 0 0 5 1 0 10" in " ".join(said.split())
    hidden = [own for _, own in Elements(page).found if "hidden" in own]
    assert len(hidden) == 3, "the switch, the hint and the temperature"


def test_whoever_wrote_the_functions_is_named_only_if_they_want() -> None:
    assert "by functions that I wrote myself" in text_of(as_html(made("self_attention")))
    assert "by Ada\u2019s own functions" in text_of(as_html(made("self_attention"), by=" Ada\n"))


def test_words_alike_and_words_that_stand_twice_are_read_out_clearly() -> None:
    page = made("self_attention", "The the cat")
    assert "“The” looks at all words alike, with 33 % each." in text_of(as_html(page))
    [scene] = page.scenes
    asked = replace(page, scenes=(replace(scene, row=2, tabs=(((0.7, 0.3, 0),) * 3,)),))
    assert "“cat” looks at The (word 1) with 70 % and the (word 2) with 30 %." in text_of(
        as_html(asked)
    )
