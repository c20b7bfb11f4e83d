"""The texts that the tiny model learns from: a grammar of a few rules.

Most texts tell of somebody who does not cross something because *it* was too …, and go on with the
noun that *it* stands for. Which noun this is depends on one word: a creature can be tired, a place
can be wide. The other texts tell who chases whom.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

CREATURES: Final = ("animal", "dog", "cat", "horse", "fox", "goose", "mouse", "cow")
PLACES: Final = ("street", "river", "road", "bridge", "square", "field", "park", "lake")
SAID_OF_CREATURES: Final = ("tired", "hungry", "sleepy", "afraid")
SAID_OF_PLACES: Final = ("wide", "busy", "deep", "icy")
NOT_CROSSED: Final = ("cross", "enter", "reach")
CROSSED: Final = ("crossed", "entered", "reached")
CHASES: Final = ("chased", "followed", "saw")
OPENINGS: Final = ("", "one day", "in the morning", "that day")
DESCRIBED: Final = ("old", "small", "big")

MARK: Final = "¶"  # begins and ends a text
WORDS: Final = (
    MARK, ".", "the", "didn't", "because", "it", "was", "too", "so", "rested", "stayed", "empty",
    "and", "ran", "away", "not", "by", "one", "day", "in", "morning", "that", *DESCRIBED, *CROSSED,
    *NOT_CROSSED, *CHASES, *CREATURES, *PLACES, *SAID_OF_CREATURES, *SAID_OF_PLACES,
)  # fmt: skip
NUMBER: Final = {word: number for number, word in enumerate(WORDS)}


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the grammar. The places are None if it has no pronoun."""

    words: tuple[str, ...]
    noun: int | None = None  # the place of the noun that *it* stands for
    again: int | None = None  # the place where this noun stands once more


def make_text(rng: np.random.Generator, *, held_out: bool) -> Text:
    """A random text.

    Args:
        rng: makes the choices.
        held_out: whether its two nouns are a pair that no text for training has.
    """
    while True:
        is_crossing = rng.random() < 0.7
        if is_crossing:
            one, other = int(rng.integers(len(CREATURES))), int(rng.integers(len(PLACES)))
        else:
            one, other = (
                int(creature) for creature in rng.choice(len(CREATURES), size=2, replace=False)
            )
        if is_held_out(one, other) == held_out:
            break
    if is_crossing:
        return _crossing(rng, CREATURES[one], PLACES[other])
    return _chasing(rng, CREATURES[one], CREATURES[other])


def is_held_out(one: int, other: int) -> bool:
    """Whether texts with these two nouns, by number and in this order, are kept for the test."""
    return (one + 2 * other) % 5 == 0


def in_numbers(texts: Sequence[Text]) -> tuple[np.ndarray, np.ndarray]:
    """The numbers of the words, filled up to one length, and which of them are real.

    Returns:
        Two arrays of shape (texts, n): whole numbers, and True or False.
    """
    n = max(len(text.words) for text in texts)
    numbers = np.full((len(texts), n), NUMBER[MARK])
    real = np.zeros((len(texts), n), dtype=bool)
    for row, text in enumerate(texts):
        numbers[row, : len(text.words)] = [NUMBER[word] for word in text.words]
        real[row, : len(text.words)] = True
    return numbers, real


def is_grammatical(words: Sequence[str]) -> bool:
    """Whether words are a whole text of the grammar, with the right noun in the end.

    Args:
        words: without the marks.
    """
    return any(kind.fullmatch(" ".join(words)) for kind in _KINDS)


def _crossing(rng: np.random.Generator, creature: str, place: str) -> Text:
    is_tired = rng.random() < 0.5
    said = str(rng.choice(SAID_OF_CREATURES if is_tired else SAID_OF_PLACES))
    who, where = _described(rng, creature), _described(rng, place)
    verb = int(rng.integers(len(CROSSED)))
    if rng.random() < 0.5:
        head = [*_opening(rng), *who, "didn't", NOT_CROSSED[verb], *where]
    else:
        head = [*_opening(rng), *where, "was", "not", CROSSED[verb], "by", *who]
    meant = creature if is_tired else place
    why = [*head, "because", "it", "was", "too", said, ".", "so", "the"]
    end = ["rested"] if is_tired else ["stayed", "empty"]
    return Text((*why, meant, *end, ".", MARK), head.index(meant), len(why))


def _chasing(rng: np.random.Generator, who: str, whom: str) -> Text:
    verb = str(rng.choice(CHASES))
    head = [*_opening(rng), *_described(rng, who), verb, *_described(rng, whom)]
    return Text((*head, "and", "the", whom, "ran", "away", ".", MARK))


def _opening(rng: np.random.Generator) -> list[str]:
    return [MARK, *OPENINGS[int(rng.integers(len(OPENINGS)))].split()]


def _described(rng: np.random.Generator, noun: str) -> list[str]:
    return ["the", *([str(rng.choice(DESCRIBED))] if rng.random() < 0.4 else []), noun]


def _one_of(words: Sequence[str]) -> str:
    return f"(?:{'|'.join(words)})"


_OPENING: Final = rf"(?:{_one_of([opening for opening in OPENINGS if opening])} )?"
_THE: Final = rf"the (?:{_one_of(DESCRIBED)} )?"
_WHO: Final = rf"{_THE}(?P<who>{_one_of(CREATURES)})"
_WHERE: Final = rf"{_THE}(?P<where>{_one_of(PLACES)})"
_WHY: Final = (
    rf" because it was too (?:{_one_of(SAID_OF_CREATURES)} \. so the (?P=who) rested"
    rf"|{_one_of(SAID_OF_PLACES)} \. so the (?P=where) stayed empty) \."
)
_ACTIVE: Final = rf"{_OPENING}{_WHO} didn't {_one_of(NOT_CROSSED)} {_WHERE}{_WHY}"
_PASSIVE: Final = rf"{_OPENING}{_WHERE} was not {_one_of(CROSSED)} by {_WHO}{_WHY}"
_CHASING: Final = (
    rf"{_OPENING}{_WHO} {_one_of(CHASES)} {_THE}(?P<whom>{_one_of(CREATURES)})"
    r" and the (?P=whom) ran away \."
)
_KINDS: Final = tuple(map(re.compile, (_ACTIVE, _PASSIVE, _CHASING)))
