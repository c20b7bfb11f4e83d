"""Words as vectors, made from their letters and a list of words that have a meaning in common.

This is a toy that needs no download. Each group of 1 to 3 neighbouring letters (the ends of the
word are marked) has a fixed random direction, and a word is the sum of its groups, as in Bojanowski
et al., "Enriching word vectors with subword information" (2017). So words that share letters are
near each other. Words that the course calls alike share one more direction, which counts more.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

DIMENSIONS: Final = 16
_MEANING: Final = 1.5  # how much more a meaning counts than the letters
_LONGEST: Final = 3  # letters in a group
_WORD: Final = re.compile(r"\w+(?:['\u2019]\w+)*")


def split_words(sentence: str) -> tuple[str, ...]:
    """The words of a sentence as written, without punctuation: ``didn't`` is one word."""
    return tuple(_WORD.findall(sentence))


def embed(words: Sequence[str], alike: Iterable[Iterable[str]] = ()) -> np.ndarray:
    """The embeddings of some words, the same ones every time.

    Args:
        words: in upper or lower case, which give the same vector.
        alike: groups of words with a meaning in common.

    Returns:
        Shape (n_words, DIMENSIONS), float64, one word per row, of length 1 to 3 or so.
    """
    groups = [{word.casefold() for word in group} for group in alike]
    rows = []
    for word in (word.casefold() for word in words):
        letters = sum(map(_direction, _groups_of_letters(word)), np.zeros(DIMENSIONS))
        row = letters / np.linalg.norm(letters)
        for number, group in enumerate(groups):
            if word in group:
                row = row + _MEANING * _direction(f"meaning {number}")
        rows.append(row)
    return np.array(rows).reshape(len(rows), DIMENSIONS)


def _groups_of_letters(word: str) -> list[str]:
    marked = f"<{word}>"
    return [
        marked[start : start + size]
        for size in range(1, _LONGEST + 1)
        for start in range(len(marked) - size + 1)
        if marked[start : start + size] not in "<>"
    ]


def _direction(name: str) -> np.ndarray:
    """A unit vector, the same one for a name on every machine."""
    # A checksum of the name, because Python's own hash differs from run to run.
    vector = np.random.default_rng(zlib.crc32(name.encode())).normal(size=DIMENSIONS)
    return np.asarray(vector / np.linalg.norm(vector))
