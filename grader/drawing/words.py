"""The words of a sentence, and their vectors as the course defines them.

The vectors are written by hand, so students can compute the numbers of a picture with a pencil. A
word has the vector of its kind; a word without a kind has zeros.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from grader.course import Show

_WORD: Final = re.compile(r"\w+(?:['\u2019]\w+)*")


def split_words(sentence: str) -> tuple[str, ...]:
    """The words of a sentence as written, without punctuation: ``didn't`` is one word."""
    return tuple(_WORD.findall(sentence))


class Meanings:
    """The vectors of words, as ``show:`` in course.yaml gives them."""

    def __init__(self, show: Show) -> None:
        self.features = show.features
        self._vectors = {
            _plain(word): kind.vector for kind in show.kinds for word in split_words(kind.words)
        }

    def vectors(self, words: Sequence[str]) -> np.ndarray:
        """Shape (n_words, n_features), float64: one word per row, in upper or lower case."""
        nothing = (0.0,) * len(self.features)
        rows = [self._vectors.get(_plain(word), nothing) for word in words]
        return np.array(rows, dtype=float).reshape(len(words), len(self.features))

    def having(self, feature: str, words: Sequence[str]) -> list[int]:
        """The positions of the words that have a feature."""
        column = self.vectors(words)[:, self.features.index(feature)]
        return [int(place) for place in np.flatnonzero(column)]

    def explain(self, words: Sequence[str]) -> Iterator[str]:
        """Sentences that say which vector each word has, and which words have no kind."""
        by_vector: dict[tuple[float, ...], list[str]] = {}
        for word, vector in zip(words, self.vectors(words).tolist(), strict=True):
            same = by_vector.setdefault(tuple(vector), [])
            if _plain(word) not in map(_plain, same):
                same.append(word)
        zeros = by_vector.pop((0.0,) * len(self.features), [])
        sentences = [
            f"{', '.join(same)} ({', '.join(f'{number:g}' for number in vector)})"
            for vector, same in by_vector.items()
        ]
        sentences += [f"{', '.join(zeros)} all zeros"] if zeros else []
        yield f"Each word as numbers ({', '.join(self.features)}): {'; '.join(sentences)}."
        if unknown := [word for word in zeros if _plain(word) not in self._vectors]:
            one = len(unknown) == 1
            yield (
                f"Not in the list of words in course.yaml: {', '.join(unknown)}. "
                f"{'It is' if one else 'They are'} taken for {'a word' if one else 'words'} "
                f"without a meaning, all zeros; you may add {'it' if one else 'them'} to the list."
            )


def _plain(word: str) -> str:
    return word.casefold().replace("\u2019", "'")
