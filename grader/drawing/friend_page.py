"""What the page for a friend shows: at which words each word looks, by a student's own functions.

A lesson has such a page if its file in ``tests/lessons/drawings/`` has a function
``page(student, X, words)``. It returns a dict::

    weights  shape (n, n), or (tabs, n, n): rows are shares, word i looks at word j
    words    the n words, if they are others than those of the sentence; may be left out
    next     the share of each word that may come next; may be left out
    wrote    texts that the student's functions wrote; may be left out

The first line of its docstring is the page's title, and what follows says what to see. Both hold
for any sentence. The file may have more to say:

    SENTENCES  by the names of a switch; without it, the course's own sentence is shown
    STORY      title and text for these sentences alone, in place of the docstring
    TABS       for each matrix of weights, a name and a sentence
    FIRST_TAB  which of them is shown first; the first one if left out
    HOW        where the numbers come from; the vectors of the words if left out
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from grader.checks.student import Callee
from grader.course import Course, Lesson
from grader.drawing.drawing_files import DrawingFile, NotDrawn
from grader.drawing.words import split_words
from grader.text import clean

MOST_WORDS: Final = 32  # more would be too small to be seen
_MAX_WORD, _MAX_TEXT, _MOST_TEXTS = 20, 200, 12
_CLOSE: Final = 1e-6  # of a sum to 1
_DIGITS: Final = 9  # of a share, which keep it as exact as anybody can see

Row = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """One sentence, with what was computed of it."""

    name: str  # on the switch
    words: tuple[str, ...]  # cleaned
    tabs: tuple[tuple[Row, ...], ...]  # (n_tabs, n, n): each row is shares, which sum to 1
    row: int  # the word that is looked at first
    next: tuple[tuple[str, float], ...] = ()  # words that may come next, with their shares
    wrote: tuple[str, ...] = ()  # texts


@dataclass(frozen=True, slots=True)
class FriendPage:
    """All that the page shows."""

    course: str  # its title
    lesson: str  # its title
    number: int  # of the lesson
    title: str
    lead: tuple[str, ...]  # what to see, in paragraphs
    how: tuple[str, ...]  # where the numbers come from
    notes: tuple[str, ...]  # for whoever made the page: which words have no numbers
    tabs: tuple[tuple[str, str], ...]  # a name and a sentence each; none if there is one alone
    first_tab: int
    scenes: tuple[Scene, ...]  # at least one


def has_page(course: Course, lesson: Lesson) -> bool:
    """Whether a lesson has a page for a friend.

    Raises:
        CourseError: its file cannot be run.
    """
    return lesson.drawing.is_file() and hasattr(DrawingFile(course, lesson).module, "page")


def make_friend_page(
    course: Course, lesson: Lesson, callee: Callee, words: tuple[str, ...] | None = None
) -> FriendPage | NotDrawn:
    """Compute the page of a lesson that has one.

    Args:
        course: has the vectors of words, and a sentence if the lesson has none of its own.
        lesson: a lesson of that course.
        callee: runs the student's functions.
        words: of the only sentence, at most `MOST_WORDS`; those of the lesson if left out.

    Raises:
        CourseError: the course's own function fails.
    """
    file = _PageFile(course, lesson)
    sentences = file.sentences if words is None else {"": words}
    scenes: list[Scene] = []
    for name, sentence in sentences.items():
        scene = file.compute_scene(callee, name, sentence)
        if isinstance(scene, NotDrawn):
            return scene
        scenes.append(scene)
    about = file.story if file.is_own(words) else ""
    title, *lead = _paragraphs(about or file.documentation("page")) or [lesson.title]
    each = dict.fromkeys(clean(word, _MAX_WORD) for words in sentences.values() for word in words)
    vectors, *notes = file.meanings.explain(tuple(each))
    return FriendPage(
        course.title,
        lesson.title,
        1 + course.lesson_ids.index(lesson.id),
        title,
        tuple(lead),
        tuple(_paragraphs(getattr(file.module, "HOW", vectors))),
        tuple(notes),
        tuple(file.tabs.items()),
        file.first_tab,
        tuple(scenes),
    )


class _PageFile(DrawingFile):
    """A file that has a page, with what it says besides its function."""

    def __init__(self, course: Course, lesson: Lesson) -> None:
        super().__init__(course, lesson)
        self._read_out = course.show.read_out
        self.tabs = self._texts("TABS", {})
        self.first_tab = 0
        if (first := getattr(self.module, "FIRST_TAB", None)) is not None:
            if first not in self.tabs:
                raise self.at_fault("FIRST_TAB is none of TABS")
            self.first_tab = list(self.tabs).index(first)
        sentences = self._texts("SENTENCES", {"": course.show.sentence})
        self.sentences = {name: split_words(text) for name, text in sentences.items()}
        self.story = str(getattr(self.module, "STORY", ""))

    def is_own(self, words: tuple[str, ...] | None) -> bool:
        """Whether these are the words of one of the lesson's own sentences, or none are given."""
        plain = " ".join(words or ()).casefold()
        return words is None or plain in (
            " ".join(words).casefold() for words in self.sentences.values()
        )

    def compute_scene(
        self, callee: Callee, name: str, sentence: tuple[str, ...]
    ) -> Scene | NotDrawn:
        """What the student's functions make of a sentence, if it can be shown.

        Args:
            callee: runs the functions.
            name: of the sentence, on the switch.
            sentence: its words.
        """
        computed = self.compute("page", callee, sentence)
        if isinstance(computed, NotDrawn):
            return computed
        shown = computed.value
        if not isinstance(shown, Mapping) or "weights" not in shown:
            raise self.at_fault("`page` should return a dict with `weights`")
        words = tuple(map(str, shown.get("words", sentence)))
        following = dict(shown.get("next", {}))
        weights = _shares(shown["weights"], (max(len(self.tabs), 1), len(words), len(words)))
        shares = _shares(list(following.values()), (1, 1, len(following)))
        if weights is None or shares is None:
            what = f"for each word, its shares of all {len(words)}"
            if weights is not None:
                what = "for each word that may come next, its share"
            return NotDrawn(
                f"`{computed.function}` should give, {what}: numbers that add up to 1; "
                "and it does not"
            )
        last = len(words) - 1
        return Scene(
            clean(name, _MAX_WORD),
            tuple(clean(word, _MAX_WORD) for word in words),
            weights,
            last if following else self._first_row(sentence, weights[self.first_tab]),
            tuple(
                (clean(str(word), _MAX_WORD), share)
                for word, share in zip(following, shares[0][0], strict=True)
            ),
            tuple(clean(str(text), _MAX_TEXT) for text in shown.get("wrote", ()))[:_MOST_TEXTS],
        )

    def _first_row(self, sentence: tuple[str, ...], weights: tuple[Row, ...]) -> int:
        """The word with the feature that the course reads out; else the one surest of another."""
        if self._read_out is not None and len(sentence) == len(weights):
            for place in self.meanings.having(self._read_out, sentence):
                return place
        others = np.array(weights)
        np.fill_diagonal(others, 0)
        return int(np.argmax(others.max(axis=1)))

    def _texts(self, name: str, default: dict[str, str]) -> dict[str, str]:
        """A constant of the file: texts by name."""
        value = getattr(self.module, name, default)
        if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
            raise self.at_fault(f"{name} should be a dict of texts")
        return {str(key): text for key, text in value.items()}


def _shares(value: object, shape: tuple[int, int, int]) -> tuple[tuple[Row, ...], ...] | None:
    """The value as rows of shares; None if it is something else, or has another shape.

    Args:
        value: of this shape; an axis of size 1 in front may be left out.
        shape: axes of size 0 have nothing that could be wrong.
    """
    try:
        array = np.asarray(value)
    except ValueError:  # rows of different lengths
        return None
    if array.dtype.kind not in "biuf" or array.size != np.prod(shape):
        return None
    while array.ndim < len(shape):
        array = array[np.newaxis]
    if array.shape != shape or not ((array >= 0) & (array <= 1 + _CLOSE)).all():
        return None
    if array.size and not np.allclose(array.sum(axis=-1), 1, atol=_CLOSE):
        return None
    return tuple(
        tuple(tuple(float(f"{share:.{_DIGITS}g}") for share in row) for row in matrix)
        for matrix in array.astype(float)
    )


def _paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, each on one line; the first line is one by itself."""
    first, _, rest = text.strip().partition("\n")
    return [line for part in (first, *rest.split("\n\n")) if (line := " ".join(part.split()))]
