"""The lessons of this course as texts, as cells, and run as their readers run them."""

from __future__ import annotations

import contextlib
import io
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final

from places import REPOSITORY

from grader.course import Course

SOLUTIONS: Final = REPOSITORY / "solutions"
GUARD: Final = 'if __name__ == "__main__":'

FUNCTIONS: Final = {  # lesson -> function -> its parameters, as the contract has them
    "dot_product": {
        "dot_product": ["u", "v"],
        "cosine_similarity": ["u", "v"],
        "similarity_scores": ["query", "keys"],
    },
    "softmax": {"softmax": ["scores", "axis"]},
    "attention_matrix": {
        "attention_scores": ["X"],
        "attention_matrix": ["X"],
        "blend": ["weights", "X"],
        "most_attended": ["weights", "i"],
    },
    "qkv": {"project_qkv": ["X", "W_q", "W_k", "W_v"], "qk_scores": ["Q", "K"]},
    "self_attention": {
        "scaled_dot_product_attention": ["Q", "K", "V"],
        "self_attention": ["X", "W_q", "W_k", "W_v"],
    },
    "masking": {
        "causal_mask": ["n"],
        "padding_mask": ["lengths", "n"],
        "masked_attention": ["Q", "K", "V", "mask"],
    },
    "multi_head": {
        "split_heads": ["X", "h"],
        "merge_heads": ["H"],
        "multi_head_attention": ["X", "W_q", "W_k", "W_v", "W_o", "h", "mask"],
    },
    "positions": {
        "sinusoidal_positions": ["n", "d"],
        "attend": ["X", "layer"],
        "stack": ["X", "layers"],
    },
    "learning": {
        "attention_loss": ["X", "W_q", "W_k", "i", "j"],
        "softmax_grad": ["weights", "j"],
        "loss_grads": ["X", "W_q", "W_k", "i", "j"],
        "train": ["sentences", "W_q", "W_k", "steps", "lr"],
    },
    "tiny_gpt": {
        "layer_norm": ["X", "gain", "bias"],
        "mlp": ["X", "W_1", "b_1", "W_2", "b_2"],
        "block": ["X", "params", "h"],
        "next_token": ["logits", "temperature", "rng"],
        "generate": ["prompt", "n", "params", "rng"],
    },
    "cross_attention": {"cross_attention": ["X", "Y", "W_q", "W_k", "W_v"]},
}
QUIZ: Final = "concepts"  # a lesson of words
TEXTS: Final = [lesson.id for lesson in Course.load(REPOSITORY).lessons]


def text_of(name: str) -> str:
    """The reference lesson."""
    return (SOLUTIONS / f"{name}.py").read_text(encoding="utf-8")


def cells_of(source: str) -> list[tuple[str, str]]:
    """Split a lesson into its cells: pairs of kind ("code" or "markdown") and text."""
    _, *parts = re.split(r"^# %%(.*)\n", source, flags=re.MULTILINE)
    return [
        ("markdown" if header.strip() == "[markdown]" else "code", text)
        for header, text in zip(parts[::2], parts[1::2], strict=True)
    ]


def answered_by(source: str, answers: str) -> str:
    """The lesson with other functions in the place of its own, before anything is shown.

    Args:
        source: the lesson.
        answers: code that is laid over the lesson: a known-wrong or accepted version.
    """
    _, *parts = re.split(r"^(# %%.*\n)", source, flags=re.MULTILINE)
    cells = list(zip(parts[::2], parts[1::2], strict=True))
    shows = [GUARD in text and "markdown" not in header for header, text in cells]
    follows = [False, *shows[:-1]]  # the text that says what comes out stays below
    define: list[str] = []
    show: list[str] = []
    for (header, text), shown in zip(
        cells, map(any, zip(shows, follows, strict=True)), strict=True
    ):
        (show if shown else define).append(header + text)
    return "".join([*define, "\n# %%\n", answers.strip(), "\n\n", *show])


def plain(markdown: str) -> str:
    """A markdown cell without the comment signs."""
    lines = markdown.splitlines()
    return "\n".join(line.removeprefix("#").removeprefix(" ") for line in lines)


def prose_of(source: str) -> str:
    """Join all markdown cells, without the comment signs."""
    return "\n".join(plain(text) for kind, text in cells_of(source) if kind == "markdown")


def promised_by(markdown: str) -> str:
    """What a markdown cell says that the cell above it prints."""
    promised = re.match(r"(?:    .*\n?)*", plain(markdown))
    assert promised is not None
    return "\n".join(line.removeprefix("    ") for line in promised[0].splitlines())


@dataclass(frozen=True, slots=True)
class Shown:
    """What one cell of a lesson printed, and what the text below it says that it prints."""

    code: str
    printed: str
    promised: str  # nothing where it differs from computer to computer


def run_as_a_person_does(source: str) -> tuple[list[Shown], dict[str, Any]]:
    """Run a lesson as a notebook or `python lesson.py` does; what it showed, and its names.

    Only lessons that can be imported as it stands may be imported by it.
    """
    names: dict[str, Any] = {"__name__": "__main__"}
    shown = []
    cells = cells_of(source)
    for (kind, text), (_, below) in zip(cells, [*cells[1:], ("", "")], strict=True):
        if kind == "markdown":
            continue
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.chdir(SOLUTIONS):  # its data is there
            exec(compile(text, "<cell>", "exec", dont_inherit=True), names)
        if GUARD in text:
            told = "\n".join(line.rstrip() for line in printed.getvalue().splitlines())
            shown.append(Shown(text, told, promised_by(below)))
        else:
            assert not printed.getvalue(), f"printed without `{GUARD}`: {text}"
    return shown, names


@contextlib.contextmanager
def importable_modules(programs: Mapping[str, str]) -> Iterator[None]:
    """Let lessons be imported by name, from these texts; all are forgotten afterwards."""

    def forget() -> None:
        for name in TEXTS:
            sys.modules.pop(name, None)

    forget()
    try:
        for name in TEXTS:  # in the order of the course: an earlier lesson never needs a later one
            module = sys.modules[name] = ModuleType(name)
            exec(compile(programs[name], f"{name}.py", "exec", dont_inherit=True), vars(module))
        yield
    finally:
        forget()
