"""What `limits:` and `show:` in course.yaml hold."""

from __future__ import annotations

from typing import Annotated

import msgspec

from grader.sandbox.levels import SandboxLimits

Text = Annotated[str, msgspec.Meta(min_length=1)]
Version = Annotated[str, msgspec.Meta(pattern=r"^3\.[0-9]{1,2}$")]


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The limits of a student's code. Each name ends in its unit; KiB and MiB are binary."""

    cpu_seconds_per_call: float = 2.0
    wall_seconds_per_call: float = 8.0
    seconds_per_lesson: float = 10.0
    memory_mib: int = 1024
    output_kib: int = 64
    file_kib: int = 1024

    def for_sandbox(self) -> SandboxLimits:
        """The limits of every call and lesson, in the sandbox's units."""
        return SandboxLimits(
            cpu_seconds_per_call=self.cpu_seconds_per_call,
            wall_seconds_per_call=self.wall_seconds_per_call,
            seconds_per_lesson=self.seconds_per_lesson,
            memory_bytes=self.memory_mib * 2**20,
            output_bytes=self.output_kib * 2**10,
        )


class Kind(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Words that mean alike, so that they have the same numbers."""

    vector: tuple[float, ...]  # a number for each of the features
    words: Text  # separated by blanks


class Show(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `grader show` draws: a sentence if none is given, and the words' meanings in numbers."""

    sentence: Text = "The quick brown fox jumps over the lazy dog."
    features: tuple[Text, ...] = ()  # what each number of a word's vector tells
    kinds: tuple[Kind, ...] = ()  # a word of no kind is all zeros
    read_out: Text | None = None  # a feature: rows of words that have it are told in words, too
