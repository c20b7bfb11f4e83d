"""What a trained model can do, and where its heads look, on texts with pairs that it never saw."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from grammar import (
    CREATURES,
    MARK,
    NUMBER,
    PLACES,
    WORDS,
    Text,
    in_numbers,
    is_grammatical,
    make_text,
)
from model import Array, Params, forward, loss_of

TEXTS: Final = 500  # unseen ones
WRITTEN: Final = 200  # that the model writes
LONGEST: Final = 30  # words of a text that it writes

Looks: TypeAlias = dict[tuple[int, int], float]  # a share for each block and head, from 0


@dataclass(frozen=True, slots=True)
class Measures:
    """What was found. Each share is between 0 and 1."""

    loss: float
    right_nouns: float  # where the noun of the pronoun is due again: the likeliest word is right
    looks: Looks  # from there: how often each head looks at the noun most
    looks_at_creatures: Looks  # the same, where the noun is a creature
    looks_at_places: Looks  # and where it is a place

    def in_words(self) -> str:
        """A line for each."""
        lines = [
            f"loss on unseen pairs: {self.loss:.3f}",
            f"right nouns on unseen pairs: {self.right_nouns:.1%}",
        ]
        lines += [
            f"head {head + 1} of block {block + 1} looks at the right noun: {share:.1%}; "
            f"at creatures {self.looks_at_creatures[block, head]:.1%}, "
            f"at places {self.looks_at_places[block, head]:.1%}"
            for (block, head), share in self.looks.items()
        ]
        return "\n".join(lines)


def unseen_texts(count: int, seed: int) -> list[Text]:
    """Texts with pairs of nouns that are never trained on."""
    rng = np.random.default_rng(seed)
    return [make_text(rng, held_out=True) for _ in range(count)]


def measure(params: Params, heads: int) -> Measures:
    """Try the model on unseen texts."""
    texts = unseen_texts(TEXTS, seed=1)
    numbers, real = in_numbers(texts)
    logits, weights, _ = forward(params, numbers, heads)
    due = [(row, text.again, text.noun) for row, text in enumerate(texts) if text.again]
    right = [logits[row, again - 1].argmax() == numbers[row, again] for row, again, _ in due]

    def looks(nouns: Collection[str]) -> Looks:
        counted = [place for place in due if texts[place[0]].words[place[1]] in nouns]
        return {
            (block, head): float(
                np.mean([of_all[row, head, at - 1].argmax() == noun for row, at, noun in counted])
            )
            for block, of_all in enumerate(weights)
            for head in range(heads)
        }

    every = (*CREATURES, *PLACES)
    loss = loss_of(logits, numbers, real)
    return Measures(loss, float(np.mean(right)), looks(every), looks(CREATURES), looks(PLACES))


def write_text(params: Params, heads: int, rng: np.random.Generator) -> list[str]:
    """The words of a text that the model writes, without marks."""
    numbers = [NUMBER[MARK]]
    while len(numbers) < LONGEST:
        logits, _, _ = forward(params, np.array([numbers]), heads)
        shares = np.exp(logits[0, -1] - logits[0, -1].max())
        numbers.append(int(rng.choice(len(WORDS), p=shares / shares.sum())))
        if numbers[-1] == NUMBER[MARK]:
            break
    return [WORDS[number] for number in numbers[1:] if number != NUMBER[MARK]]


def share_of_grammatical_texts(params: Params, heads: int) -> float:
    """How many of the texts that the model writes are of the grammar."""
    rng = np.random.default_rng(3)
    texts = [write_text(params, heads, rng) for _ in range(WRITTEN)]
    return float(np.mean([is_grammatical(text) for text in texts]))


def read_parameters(shipped: dict[str, Array]) -> tuple[Params, int]:
    """The parameters in 64 bits, and the number of heads, from what the file holds."""
    params = {
        name: value.astype(float)
        for name, value in shipped.items()
        if name not in {"words", "heads"}
    }
    return params, int(shipped["heads"])
