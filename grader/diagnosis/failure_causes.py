"""Finds the failed checks that a known mistake causes. It uses only records, and runs no code.

A mistake is named at the checks of the function that makes it. If another function is wrong only
because it calls that one, its checks are skipped, because they build on the others.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Generic, Protocol, TypeVar

from grader.checks.outcomes import name_what_it_builds_on
from grader.diagnosis.mistakes import Mistake
from grader.results import CheckResult, Status


class WrongVersion(Protocol):
    """Code with a known mistake."""

    @property
    def mistake(self) -> Mistake:
        """The mistake that it makes."""

    @property
    def breaks(self) -> frozenset[str]:
        """The functions that do not behave like the reference's."""


V = TypeVar("V", bound=WrongVersion)


class FailureCauses(Generic[V]):
    """The results of failed checks that a known mistake explains.

    A mistake is named at the checks of the first function that makes it. The checks of later
    functions, which only call that one, build on these.
    """

    def __init__(
        self,
        functions: Sequence[str],
        called: Mapping[str, Sequence[str]],
        failed: Sequence[CheckResult],
        matches: Mapping[str, Sequence[V]],
        failed_by: Callable[[V], Collection[str]],
    ) -> None:
        """Name what can be named.

        Args:
            functions: in the order in which they are defined.
            called: the functions that each check calls.
            failed: the results of the checks that failed.
            matches: for each function that a known mistake explains, the versions with it.
            failed_by: the names of the checks that a version does not pass.
        """
        self.mistakes: dict[str, Mistake] = {}  # the named ones, by id
        self.makers: list[str] = []  # the functions that make a mistake themselves
        self.roots: dict[str, CheckResult] = {}  # by mistake: the first check that names it
        self.results: dict[str, CheckResult] = {}  # of the explained checks, by name
        explained = {
            result.check: version
            for result in failed
            if (version := _explanation(called[result.check], result, matches, failed_by))
        }
        for name in functions:
            mine = [
                result
                for result in failed
                if name in called[result.check]
                and result.check in explained
                and name in explained[result.check].breaks
                and explained[result.check].mistake.id not in self.roots
            ]
            for result in mine:
                mistake = explained[result.check].mistake
                self.mistakes[mistake.id] = mistake
                self.results[result.check] = _named(result, mistake)
            if mine:
                self.makers.append(name)
                self.roots.update(
                    {explained[result.check].mistake.id: result for result in reversed(mine)}
                )
        for result in failed:
            if result.check in explained and result.check not in self.results:
                root = self.roots[explained[result.check].mistake.id]
                self.results[result.check] = build_on(result, [root])


def _explanation(
    called: Sequence[str],
    result: CheckResult,
    matches: Mapping[str, Sequence[V]],
    failed_by: Callable[[V], Collection[str]],
) -> V | None:
    """The version that fails this check as the student does; None if several do, or none."""
    candidates: dict[str, V] = {}
    for version in dict.fromkeys(match for name in called for match in matches.get(name, ())):
        if version.mistake.id in candidates:
            continue  # it is other code with the same mistake; to run its checks takes long
        # All functions that the check calls and the version breaks must match this mistake.
        broken = [name for name in called if name in version.breaks]
        same = all(
            any(match.mistake.id == version.mistake.id for match in matches.get(name, ()))
            for name in broken
        )
        if same and result.check in failed_by(version):
            candidates[version.mistake.id] = version
    return next(iter(candidates.values())) if len(candidates) == 1 else None


def _named(result: CheckResult, mistake: Mistake) -> CheckResult:
    return replace(
        result,
        misconception=mistake.id,
        hint=mistake.hints[0],
        effect=mistake.effect,
    )


def build_on(result: CheckResult, roots: Sequence[CheckResult]) -> CheckResult:
    """The result of a check that failed only because of other checks.

    Args:
        result: of the check.
        roots: the results of the other checks.
    """
    rows = name_what_it_builds_on([root.title for root in roots])
    return replace(result, status=Status.SKIPPED, rows=rows, picture=None, excerpt=None)
