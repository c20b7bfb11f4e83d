"""Finds, among thousands of wrong versions, those whose replies look like a student's.

The versions are sorted into groups by the digests of their replies: first of those to the first
probe, then, within a group, of those to the second, and so on. A group is split when it is first
needed, so each version is asked each probe once at most, and most are asked only the first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")

_Ask = Callable[[T, int], bytes | None]


class VersionLookup(Generic[T]):
    """The wrong versions that may explain one function."""

    def __init__(self, versions: Sequence[T], ask: _Ask[T]) -> None:
        """Prepare; nothing is asked yet.

        Args:
            versions: any objects that stand for versions.
            ask: the digest of a version's reply to a probe, by the number of that; None if the
                version cannot be compared.
        """
        self.size = len(versions)
        self._all = _Group(versions)
        self._ask = ask

    def like(self, replies: Sequence[Collection[bytes]]) -> list[T]:
        """The versions that reply like this.

        Args:
            replies: the digests of a student's replies, any of which may be a version's.
        """
        groups = [self._all]
        for number, digests in enumerate(replies):
            groups = [
                smaller
                for group in groups
                for digest in digests
                if (smaller := group.split(number, self._ask).get(digest)) is not None
            ]
        return [version for group in groups for version in group.versions]


class _Group(Generic[T]):
    """Versions whose replies to the first probes look the same."""

    __slots__ = ("_smaller", "versions")

    def __init__(self, versions: Sequence[T]) -> None:
        self.versions = versions
        self._smaller: dict[bytes, _Group[T]] | None = None

    def split(self, number: int, ask: _Ask[T]) -> dict[bytes, _Group[T]]:
        """The smaller groups, by the digest of the reply to the probe with this number."""
        if self._smaller is None:
            by_digest: dict[bytes, list[T]] = {}
            for version in self.versions:
                if (digest := ask(version, number)) is not None:
                    by_digest.setdefault(digest, []).append(version)
            self._smaller = {digest: _Group(same) for digest, same in by_digest.items()}
            self.versions = ()
        return self._smaller
