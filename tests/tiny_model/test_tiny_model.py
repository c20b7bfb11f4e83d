"""The tiny model: its gradients, its training, and what is said of its parameters."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any, Final

import numpy as np
import pytest
from grammar import CREATURES, NUMBER, PLACES, WORDS, in_numbers, is_grammatical, make_text
from lesson_texts import SOLUTIONS, prose_of, text_of
from measures import read_parameters, unseen_texts
from model import Params, forward, loss_and_grads, new_params
from train import PARAMETERS, RESULTS, SEED, SIZE, Size, as_shipped, describe, train

SMALL: Final = Size(d=16, hidden=24, steps=150, batch=16, rate=1e-2)


@pytest.fixture(scope="module")
def shipped() -> dict[str, np.ndarray]:
    with np.load(PARAMETERS, allow_pickle=False) as file:
        return dict(file)


@pytest.fixture
def lesson(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The solution of the lesson, and of those that it imports; forgotten afterwards."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(SOLUTIONS)
    yield importlib.import_module("tiny_gpt")
    for name in set(sys.modules) - before:
        del sys.modules[name]


def as_students_have_it(params: Params) -> dict[str, Any]:
    nested: dict[str, Any] = {"blocks": [{} for _ in range(SIZE.blocks)]}
    for name, value in params.items():
        *block, key = name.removeprefix("blocks.").split(".")
        (nested["blocks"][int(block[0])] if block else nested)[key] = value
    return nested


def test_gradients_are_those_of_finite_differences() -> None:
    rng = np.random.default_rng(0)
    params = new_params(rng, words=len(WORDS), d=8, hidden=12, blocks=2)
    texts, real = in_numbers([make_text(rng, held_out=False) for _ in range(3)])
    _, grads = loss_and_grads(params, texts, real, 2)
    for name, value in params.items():
        for _ in range(3):
            place = tuple(int(rng.integers(size)) for size in value.shape)
            if name == "tokens":  # of a word that is there
                place = (int(texts[0, 2]), place[1])
            losses = []
            for hair in (1e-5, -1e-5):
                moved = value.copy()
                moved[place] += hair
                losses.append(loss_and_grads(params | {name: moved}, texts, real, 2)[0])
            assert abs((losses[0] - losses[1]) / 2e-5 - grads[name][place]) < 1e-8, name


@pytest.mark.slow
def test_a_small_model_learns_in_seconds_and_the_same_from_the_same_seed() -> None:
    first, *_, last = train(1, SMALL, every=50)
    assert first.loss > 3.5, "it knows nothing: log 58 is 4.06"
    assert last.loss < 1.3
    again, *_ = train(1, SMALL, every=50)
    for name, value in first.params.items():
        np.testing.assert_array_equal(value, again.params[name])


def test_what_is_shipped_is_small_and_no_pickle(shipped: dict[str, np.ndarray]) -> None:
    assert PARAMETERS.stat().st_size <= 300_000
    assert tuple(shipped["words"].tolist()) == WORDS
    kinds = {value.dtype.kind for value in shipped.values()}
    assert kinds == {"f", "i", "U"}, "numbers and words alone"
    untrained, *_ = train(SEED, Size(steps=1), every=1)
    of_this_size = as_shipped(untrained.params, SIZE.heads)
    assert {name: it.shape for name, it in shipped.items()} == {
        name: it.shape for name, it in of_this_size.items()
    }


@pytest.mark.slow
def test_what_the_results_say_is_what_is_measured(shipped: dict[str, np.ndarray]) -> None:
    assert RESULTS.read_text("utf-8").partition("\n")[2] == f"{describe(shipped)}\n"


def test_the_numbers_in_the_lesson_are_those_of_the_results() -> None:
    results = RESULTS.read_text("utf-8")
    prose = " ".join(prose_of(text_of("tiny_gpt")).split())
    head_1 = re.search(r"head 1 of block 2 looks at the right noun: ([\d.]+)%", results)
    head_2 = re.search(r"head 2 of block 2 .*creatures ([\d.]+)%, at places ([\d.]+)%", results)
    nouns = re.search(r"right nouns on unseen pairs: ([\d.]+)%", results)
    texts = re.search(r"grammatical texts: ([\d.]+)%", results)
    assert head_1
    assert head_2
    assert nouns
    assert texts
    assert f"the noun that comes next is right in {nouns[1]} %" in prose
    assert f"Head 1 of block 2 looks at it in {head_1[1]} %" in prose
    assert f"it looks at the creature in {head_2[1]} %" in prose
    assert f"at the place in {head_2[2]} % of the others" in prose
    assert f"Of 200 such texts, {float(texts[1]):.0f} % are correct" in prose
    assert float(texts[1]) > 50, "more often than not"


def test_the_lesson_computes_what_the_trainer_computes(
    lesson: ModuleType, shipped: dict[str, np.ndarray]
) -> None:
    params, heads = read_parameters(shipped)
    model = as_students_have_it(params)
    for text in unseen_texts(5, seed=2):
        numbers, _ = in_numbers([text])
        logits, weights, _ = forward(params, numbers, heads)
        X = model["tokens"][numbers[0]] + lesson.sinusoidal_positions(len(text.words), SIZE.d)
        for layer, of_block in zip(model["blocks"], weights, strict=True):
            X, own_weights = lesson.block(X, layer, heads)
            np.testing.assert_allclose(own_weights, of_block[0], atol=1e-6)
        own = lesson.layer_norm(X, model["gain"], model["bias"]) @ model["W_u"]
        np.testing.assert_allclose(own, logits[0], atol=1e-6)


def test_no_text_for_training_has_a_pair_of_the_test() -> None:
    rng = np.random.default_rng(4)
    pairs: dict[bool, set[tuple[str, ...]]] = {}
    for held_out in (True, False):
        texts = [make_text(rng, held_out=held_out) for _ in range(1500)]
        nouns = {*CREATURES, *PLACES}
        in_order = [[word for word in it.words if word in nouns] for it in texts]
        passive = ["by" in it.words for it in texts]
        pairs[held_out] = {
            tuple(it[1::-1] if turned else it[:2])
            for it, turned in zip(in_order, passive, strict=True)
        }
    assert len(pairs[True]) == 24  # of 64 pairs with a place, and 56 of two creatures
    assert not pairs[True] & pairs[False]


def test_the_grammar_knows_its_own_texts_and_no_others() -> None:
    rng = np.random.default_rng(5)
    for text in unseen_texts(200, seed=5):
        words = list(text.words[1:-1])
        assert is_grammatical(words), words
        nouns = [place for place, word in enumerate(words) if word in {*CREATURES, *PLACES}]
        words[nouns[-1]] = next(it for it in CREATURES if it not in words)
        assert not is_grammatical(words), "another noun than that which *it* stands for"
        del words[int(rng.integers(len(words)))]
        assert not is_grammatical(words)
    assert len(NUMBER) == len(WORDS) == 58
