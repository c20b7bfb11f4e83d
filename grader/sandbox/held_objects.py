"""What a check holds of the student's objects, and how much it may still do with them.

A check that rehearsal has seen with objects is called *live*: what its calls return may be objects,
and its own functions may be called back. Where the reference gave an object, the student's is as
good; elsewhere it is no answer, and the check may only ignore it.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from typing import Any, Final

from grader.sandbox.kinds import Callback, Ref

_MOST_USES: Final = 20_000  # of objects in one check

#: A call, and what is done around it for its files and its console. Calls have limits of their own.
_CALLS: Final = frozenset({"call", "console", "printed", "share", "changes"})


class HeldObjects:
    """The objects that the present check holds."""

    def __init__(self) -> None:
        #: Makes of an object, or of one of the check's functions, what the check holds.
        self.wrap: Callable[..., Any] = lambda value, **_: value
        #: Answers when the program calls one of the check's functions: number, arguments → bytes.
        self.answer: Callable[[int, list[Any], dict[Any, Any]], bytes] | None = None
        self.seen: set[str] = set()  # what has given an object by now: `Stack()`, `.top`, `next()`
        self._unused: dict[int, str] = {}  # by number: what has raised exceptions never looked into
        self._known: Set[str] | None = frozenset()
        self._uses = 0
        self._looked = 0.0

    def begin(self, known: Set[str] | None) -> None:
        """Begin a check.

        Args:
            known: what gives it an object; with None, anything may.
        """
        self._known = known
        self._uses, self._looked = 0, 0.0
        self.seen.clear()
        self._unused.clear()

    @property
    def is_live(self) -> bool:
        """Whether the check may hold objects, and be called back."""
        return self._known is None or bool(self._known)

    def rebuild(self, key: str) -> Callable[[Any], Any]:
        """What makes of each object in a reply what the check holds.

        Args:
            key: what gives the object.
        """

        def rebuild(value: Any) -> Any:
            if type(value) is Callback:
                return self.wrap(value)
            if type(value) is not Ref:
                return value
            self._unused[value.number] = key
            return self.wrap(value, is_open=self._known is None or key in self._known)

        return rebuild

    def keep(self) -> None:
        """Count the objects that have come as given: they are no exceptions."""
        self.seen.update(self._unused.values())
        self._unused.clear()

    def use(self, ref: Ref) -> None:
        """Count an object as given, because the check does something with it.

        Most checks that expect an exception ask no more than its class and text, which cross as
        plain values. The exception itself counts only from now on.
        """
        if key := self._unused.pop(ref.number, None):
            self.seen.add(key)

    def are_half_used_up(self, limit: float) -> bool:
        """Whether half of the time has gone by, so that the worker's CPU clock must be read.

        Until then an estimate does, which takes less time. On a busy machine it is too high.

        Args:
            limit: of :meth:`are_used_up`.
        """
        return self._looked > limit / 2

    def lower_estimate(self, seconds: float) -> None:
        """Lower the estimated time to the CPU time that the worker has used by now."""
        self._looked = min(self._looked, seconds)

    def count(self, operation: str, seconds: float) -> None:
        """Count a use of an object. An iterator may have no end."""
        self._uses += 1
        if operation not in _CALLS:
            self._looked += max(seconds, 0.0)

    def are_used_up(self, limit: float) -> bool:
        """Whether the check has gone on for too long; the seconds are for all that is no call."""
        return self._uses >= _MOST_USES or self._looked > limit
