"""Recognises known mistakes by the replies of a student's functions to probes.

There are two kinds of matchers. The course's own has the code of all wrong versions, see
:mod:`.known_mistakes`. That of a student's copy has only what the replies of a wrong version can
open, see :mod:`.sealed_mistakes`. Both compare replies by their digests, see :mod:`.reply_digests`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Generic, TypeVar

from grader.checks.outcomes import is_not_started
from grader.checks.student import Callee
from grader.diagnosis.failure_causes import WrongVersion
from grader.diagnosis.probes import Probe, ask_all
from grader.diagnosis.reply_digests import ReplyDigests, digest_replies

V = TypeVar("V", bound=WrongVersion)


class MistakeMatcher(ABC, Generic[V]):
    """The known mistakes of a lesson, and the probes that tell them apart."""

    #: The lesson's functions in the order in which they are defined.
    functions: Sequence[str]
    #: The probes of each function.
    probes: Mapping[str, Sequence[Probe]]

    @abstractmethod
    def versions_like(self, name: str, replies: ReplyDigests) -> Sequence[V]:
        """The wrong versions with the mistake that explains the replies of a function; or none.

        Args:
            name: of the function.
            replies: of the student's function to its probes.
        """

    def is_breakable(self, name: str) -> bool:
        """Whether a known mistake breaks this function."""
        return name in self.probes

    def match(self, callee: Callee, functions: Collection[str]) -> dict[str, Sequence[V]]:
        """For each of these functions that a known mistake explains, the versions with it.

        Args:
            callee: runs the student's functions.
            functions: the ones to look at.
        """
        explaining: dict[str, Sequence[V]] = {}
        for name in filter(self.is_breakable, functions):
            replies = ask_all(callee, self.probes[name])
            if not replies or any(is_not_started(reply.error) for reply in replies):
                continue
            digests = digest_replies(self.probes[name], replies)
            if digests and (versions := self.versions_like(name, digests)):
                explaining[name] = versions
        return explaining

    def foreseen(self, functions: Iterable[str]) -> dict[str, list[bytes]]:
        """The calls that :meth:`match` makes, encoded; they belong to no check."""
        asked = filter(self.is_breakable, functions)
        return {"": [probe.encoded() for name in asked for probe in self.probes[name]]}
