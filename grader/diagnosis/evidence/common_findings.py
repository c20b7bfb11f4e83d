"""Finds what is true of every wrong call of a function that no known mistake explains.

A tutor who sees a mistake for the first time compares the values with the right ones: all numbers
are twice as large; the last row is missing; it is wrong only if a vector sums to zero. The rules
for that are in :mod:`.value_rules` (what is wrong with the numbers), :mod:`.altered_calls` (for
which other arguments they are right) and :mod:`.circumstances` (which calls are wrong). An author
can add rules for a lesson, see :mod:`.rule_files`.

The words are true of every wrong call. They contain no number that came back or should have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np

from grader.diagnosis.agreement import same
from grader.diagnosis.evidence.altered_calls import AlteredCalls
from grader.diagnosis.evidence.circumstances import find_circumstances
from grader.diagnosis.evidence.observations import Observation, as_numbers, take_apart
from grader.diagnosis.evidence.value_rules import (
    EXACT_RULES,
    VALUE_RULES,
    Finding,
    Rule,
    not_finite,
    packaging,
)

#: With fewer numbers that fit, a finding may be an accident.
_LEAST_NUMBERS: Final = 3
_SURE: Final = (packaging, not_finite)  # never an accident, however few numbers there are
#: Keys of findings that say nothing of altered calls: they are true of too much.
_VAGUE: Final = frozenset({
    "not exact", "some factor", "shifted", "signs",
    "0 decimals", "1 decimals", "whole", "cut towards zero", "cut down",
})  # fmt: skip

#: The right values for altered arguments, by the alteration's text.
AlteredValues = Callable[[Mapping[str, Any]], Mapping[str, Any]]


def find_evidence(
    observations: Sequence[Observation], altered: AlteredCalls, rules: Iterable[Rule] = ()
) -> str | None:
    """What is true of every wrong call, in words that complete "looks like …"; None without any.

    Args:
        observations: all calls of a function, right and wrong.
        altered: of this function, its right values for altered arguments.
        rules: the author's, which come first.
    """
    wrong = [call for call in observations if not call.is_right]
    if not wrong:
        return None
    valued = [call for call in wrong if not call.raised]
    values = altered.right_values
    how = _describe_values(valued, values, tuple(rules)) if len(valued) == len(wrong) else None
    where = find_circumstances(observations)
    if how is None and len(valued) == len(wrong) and (parts := take_apart(observations)):
        how = _in_parts(parts, values)
    if how is None and _is_constant(valued):
        how = "the same answer to every call, whatever the arguments are"
    if how is None and where is not None and not valued:
        return f"code that works, but stops with an exception where {where}"
    if how is None:
        return where and f"code that is right, but for calls where {where}"
    return f"{how}, where {where}, and right answers elsewhere" if where else how


def _in_parts(parts: Sequence[Sequence[Observation]], values: AlteredValues) -> str | None:
    """What is wrong with all parts; otherwise with the last part for which something is found.

    The author's rules are about the whole value, and not asked.
    """
    findings: dict[int, str] = {}
    for number, part in enumerate(parts, start=1):
        wrong = [call for call in part if not call.is_right]

        def of_part(arguments: Mapping[str, Any], number: int = number) -> Mapping[str, Any]:
            return {text: value[number - 1] for text, value in values(arguments).items()}

        if wrong and (how := _describe_values(wrong, of_part, ())):
            findings[number] = how
    if not findings:
        return None
    number, how = max(findings.items())
    if len(findings) == len(parts) and set(findings.values()) == {how}:
        return f"{how}, in each of the {len(parts)} that come back"
    return f"{how}, as number {number} of the {len(parts)} that come back"


def _describe_values(
    wrong: Sequence[Observation], values: AlteredValues, rules: tuple[Rule, ...]
) -> str | None:
    """What is wrong with the values, in words; None if nothing is found."""
    if not wrong:
        return None
    finding = next(_find_common(wrong, (*rules, *VALUE_RULES)), None)
    enough = sum(map(_count, wrong)) >= _LEAST_NUMBERS
    if finding is not None and (enough or finding in set(_find_common(wrong, _SURE))):
        return finding.text
    varied = len(wrong) == 1 or not all(same(call.got, wrong[0].got) for call in wrong)
    return next(_find_altered(wrong, values), None) if enough and varied else None


def _count(call: Observation) -> int:
    """The number of different numbers in the right value."""
    parts = call.due if isinstance(call.due, tuple) else (call.due,)
    arrays = [array for part in parts if (array := as_numbers(part)) is not None]
    return np.unique(np.concatenate([array.ravel() for array in arrays])).size if arrays else 0


def _find_common(wrong: Sequence[Observation], rules: Iterable[Rule]) -> Iterator[Finding]:
    """The findings that the rules make in every one of these calls, in the words of the first."""
    with np.errstate(all="ignore"):
        for rule in rules:
            first, *others = wrong
            findings = list(rule(first))
            for other in others:
                if not findings:
                    break
                keys = {finding.key for finding in rule(other)}
                findings = [finding for finding in findings if finding.key in keys]
            yield from findings


def _find_altered(wrong: Sequence[Observation], values: AlteredValues) -> Iterator[str]:
    """Altered arguments for which the values are right, exactly or up to one more finding."""
    first, *others = wrong
    nearly: list[str] = []
    of_others = [values(call.arguments) for call in others]
    for text, due in values(first.arguments).items():
        if same(due, first.due) or not all(text in their for their in of_others):
            continue
        altered = replace(first, due=due)
        if not altered.is_right and not list(_exact([altered])):
            continue
        every = [
            altered,
            *(
                replace(call, due=their[text])
                for call, their in zip(others, of_others, strict=True)
            ),
        ]
        if all(call.is_right for call in every):
            yield text
        elif more := next(_exact([call for call in every if not call.is_right]), None):
            nearly.append(f"{text}; and then {more.text}")
    yield from nearly


def _exact(wrong: Sequence[Observation]) -> Iterator[Finding]:
    return (finding for finding in _find_common(wrong, EXACT_RULES) if finding.key not in _VAGUE)


def _is_constant(valued: Sequence[Observation]) -> bool:
    """Whether all calls returned the same value, and none of them should."""
    if len(valued) < _LEAST_NUMBERS or as_numbers(valued[0].got) is None:
        return False
    first = valued[0]
    others = valued[1:]
    return all(same(call.got, first.got) for call in others) and not any(
        same(call.due, first.due) for call in others
    )
