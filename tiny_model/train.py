"""Train the tiny model from random numbers: `python tiny_model/train.py`, a minute or two.

Writes the parameters to ``solutions/tiny_gpt.npz``, which students get, and beside this script the
curve of the loss and what the trained model can do on texts that it never saw.

The same numpy on the same kind of processor gives the same bytes. Elsewhere sums are rounded in
another way, and after thousands of steps the parameters are others that are as good.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from grammar import WORDS, in_numbers, make_text
from measures import Measures, measure, read_parameters, share_of_grammatical_texts
from model import Array, Params, loss_and_grads, new_params

HERE: Final = Path(__file__).resolve().parent
PARAMETERS: Final = HERE.parent / "solutions" / "tiny_gpt.npz"
CURVE: Final = HERE / "curve.csv"
RESULTS: Final = HERE / "results.txt"


@dataclass(frozen=True, slots=True)
class Size:
    """How large the model is, and how long it learns."""

    d: int = 32
    hidden: int = 64
    blocks: int = 2
    heads: int = 2
    steps: int = 1200
    batch: int = 32  # texts in each step
    rate: float = 3e-3  # of the largest steps

    def rate_at(self, step: int) -> float:
        """Steps grow for a short while, and then get smaller until the end."""
        falling = 0.05 + 0.95 * (1 + np.cos(np.pi * step / self.steps)) / 2
        return float(self.rate * min(1.0, step / 100) * falling)


SEED: Final = 5
SIZE: Final = Size()


@dataclass(frozen=True, slots=True)
class Progress:
    """The model after some steps."""

    step: int
    loss: float  # of the texts of this step
    params: Params


def train(seed: int, size: Size, every: int) -> Iterator[Progress]:
    """Train a model by Adam; yield it after the first step, and after each `every` steps.

    Args:
        seed: of the random numbers.
        size: of the model.
        every: how many steps lie between two yields.
    """
    rng = np.random.default_rng(seed)
    params = new_params(rng, words=len(WORDS), d=size.d, hidden=size.hidden, blocks=size.blocks)
    mean = {name: np.zeros_like(value) for name, value in params.items()}
    square = {name: np.zeros_like(value) for name, value in params.items()}
    for step in range(1, size.steps + 1):
        texts, real = in_numbers([make_text(rng, held_out=False) for _ in range(size.batch)])
        loss, grads = loss_and_grads(params, texts, real, size.heads)
        for name, grad in grads.items():
            mean[name] = 0.9 * mean[name] + 0.1 * grad
            square[name] = 0.99 * square[name] + 0.01 * grad**2
            direction = mean[name] / (1 - 0.9**step)
            spread = np.sqrt(square[name] / (1 - 0.99**step)) + 1e-8
            params[name] = params[name] - size.rate_at(step) * direction / spread
        if step == 1 or step % every == 0:
            yield Progress(step, loss, params)


def as_shipped(params: Params, heads: int) -> dict[str, Array]:
    """What the file of parameters holds: numbers of 32 bits, the words, the number of heads."""
    small = {name: value.astype(np.float32) for name, value in params.items()}
    return {"words": np.array(WORDS), "heads": np.array(heads), **small}


def main() -> None:
    """Train the model, and write what students get."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    options.add_argument("--seed", type=int, default=SEED, help=f"default: {SEED}")
    options.add_argument("--parameters", type=Path, default=PARAMETERS, help="the file to write")
    seed, path = (chosen := options.parse_args()).seed, chosen.parameters
    rows = ["step,loss,loss on unseen pairs,right nouns"]
    last: dict[str, Array] = {}
    for step in train(seed, SIZE, every=200):
        done: Measures = measure(step.params, SIZE.heads)
        rows.append(f"{step.step},{step.loss:.3f},{done.loss:.3f},{done.right_nouns:.3f}")
        print(rows[-1], flush=True)
        last = as_shipped(step.params, SIZE.heads)
    np.savez(path, **last)  # type: ignore[arg-type]  # numpy's types take arrays for options
    told = f"seed {seed}, {SIZE.steps} steps of {SIZE.batch} texts\n{describe(last)}\n"
    print(told)
    if path == PARAMETERS:
        CURVE.write_text("\n".join(rows) + "\n", "utf-8")
        RESULTS.write_text(told, "utf-8")


def describe(shipped: dict[str, Array]) -> str:
    """What a trained model can do, a line for each measure.

    Args:
        shipped: what the file of parameters holds.
    """
    params, heads = read_parameters(shipped)
    share = share_of_grammatical_texts(params, heads)
    return f"{measure(params, heads).in_words()}\ngrammatical texts: {share:.1%}"


if __name__ == "__main__":
    main()
