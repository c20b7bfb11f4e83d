"""What a student's own functions make of a sentence, as rows of numbers under its words.

The course says how a lesson is drawn: ``tests/lessons/drawings/<lesson>.py`` has a function
``draw(student, X, words)``. It gets the vectors of the words, shape (n, d), and the words, calls
the student's functions and returns a matrix of shape (n, n), or a dict with n numbers for each
label. The first line of its docstring is the title of the drawing; what follows stands below the
drawing, in place of the words' vectors. A lesson without such a file has no drawing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from grader.checks.student import Callee
from grader.course import Course, Lesson
from grader.drawing.drawing_files import DrawingFile, NotDrawn
from grader.drawing.words import split_words
from grader.text import clean

_READ_OUT: Final = 3  # numbers of a row


@dataclass(frozen=True, slots=True)
class Drawing:
    """Rows of numbers, with a column for each word of a sentence."""

    title: str  # names what the numbers are
    words: tuple[str, ...]  # of the columns; cleaned
    labels: tuple[str, ...]  # of the rows; cleaned
    values: tuple[tuple[float, ...], ...]  # (n_labels, n_words), finite
    summary: str = ""  # the highest numbers of a row, in words
    notes: tuple[str, ...] = ()  # where the numbers come from

    @property
    def in_percent(self) -> bool:
        """Whether the rows are shares, which add up to 1."""
        return all(abs(sum(row) - 1) < 1e-3 and min(row) >= 0 for row in self.values)

    @property
    def heading(self) -> str:
        """The title, with the unit."""
        return f"{self.title} In percent." if self.in_percent else self.title

    def numbers(self) -> list[list[str]]:
        """The text of each cell: percent, whole numbers, or one decimal."""
        write = _decimal
        if self.in_percent:
            write = _percent
        elif all(
            number.is_integer() and abs(number) < 1000 for row in self.values for number in row
        ):
            write = _whole
        return [[write(value) for value in row] for row in self.values]

    def shades(self) -> list[list[float]]:
        """The place of each value between the lowest (or 0) and the highest, from 0 to 1."""
        # Halves, because the distance of two large numbers may not be finite.
        halves = [[value / 2 for value in row] for row in self.values]
        low = min(0.0, *map(min, halves))
        span = max(map(max, halves)) - low
        return [[(half - low) / span if span > 0 else 0.0 for half in row] for row in halves]


def draw(
    course: Course, lesson: Lesson, callee: Callee, words: tuple[str, ...] | None = None
) -> Drawing | NotDrawn | None:
    """The drawing of a lesson; None if the lesson has none.

    Args:
        course: has the default sentence and the vectors of words.
        lesson: a lesson of that course.
        callee: runs the student's functions.
        words: the sentence; the course's own if left out.

    Raises:
        CourseError: the course's own function fails.
    """
    if not lesson.drawing.is_file():
        return None
    if words is None:
        words = split_words(course.show.sentence)
    file = DrawingFile(course, lesson)
    computed = file.compute("draw", callee, words)
    if isinstance(computed, NotDrawn):
        return computed
    labels, drawn = words, computed.value
    if isinstance(drawn, dict):
        labels, drawn = tuple(map(str, drawn)), list(drawn.values())
    values = _matrix(drawn, (len(labels), len(words)))
    if values is None:
        each = "pair of words" if labels is words else "word in each row"
        return NotDrawn(
            f"`{computed.function}` should give a number for each {each}, "
            f"shape ({len(labels)}, {len(words)}), and does not"
        )
    shown = tuple(clean(word, 20) for word in words)
    title, _, note = (file.documentation("draw") or lesson.title).partition("\n")
    drawing = Drawing(
        title,
        shown,
        tuple(clean(label, 20) for label in labels),
        values,
        notes=(" ".join(note.split()),) if note else tuple(file.meanings.explain(shown)),
    )
    if labels is not words or course.show.read_out is None:
        return drawing
    rows = file.meanings.having(course.show.read_out, words)
    # The same word has the same row wherever it stands: one of them is told.
    firsts = {drawing.words[row].lower(): row for row in reversed(rows)}
    sentences = " ".join(_read_out(drawing, row) for row in sorted(firsts.values()))
    return replace(drawing, summary=sentences)


def _read_out(drawing: Drawing, row: int) -> str:
    """The highest numbers of a row, in words."""
    values, texts = drawing.values[row], drawing.numbers()[row]
    unit = "%" if drawing.in_percent else ""
    if len(texts) > 1 and len(set(texts)) == 1:
        return f"In the row of “{drawing.words[row]}” all numbers are alike: {texts[0]}{unit}."
    highest = sorted(range(len(values)), key=lambda place: -values[place])[:_READ_OUT]
    numbers = [
        f"{'itself' if place == row else _place_of(drawing, place)} {texts[place]}{unit}"
        for place in highest
    ]
    return f"Highest in the row of “{drawing.words[row]}”: {', '.join(numbers)}."


def _place_of(drawing: Drawing, place: int) -> str:
    """A word; its number stands with it where the sentence has it more than once."""
    word = drawing.words[place]
    alike = [other.lower() for other in drawing.words].count(word.lower())
    return f"{word} (word {place + 1})" if alike > 1 else word


def _percent(value: float) -> str:
    return f"{100 * value:.0f}"


def _whole(value: float) -> str:
    return f"{value + 0.0:.0f}"  # no -0


def _decimal(value: float) -> str:
    return f"{round(value, 1) + 0.0:.1f}" if abs(value) < 1000 else f"{value:.0e}"  # no -0.0


def _matrix(value: object, shape: tuple[int, int]) -> tuple[tuple[float, ...], ...] | None:
    """The value as rows of finite numbers; None if it is no matrix of this shape."""
    try:
        array = np.asarray(value)
    except ValueError:  # rows of different lengths
        return None
    if array.dtype.kind not in "biuf" or array.shape != shape:
        return None
    if not np.isfinite(array).all():
        return None
    return tuple(tuple(float(number) for number in row) for row in array)
