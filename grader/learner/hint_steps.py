"""Gives the steps of a hint one after the other, and then the last one again and again."""

from __future__ import annotations

from dataclasses import dataclass

from grader.diagnosis.hints import choose_check, hint_for
from grader.learner.checking import Checked
from grader.learner.workbook import Workbook


@dataclass(frozen=True, slots=True)
class HintStep:
    """One step of a hint."""

    about: str  # the function or question
    number: int  # of this step, from 1
    steps: int  # how many the hint has
    text: str
    seen_before: bool  # all steps have been given, so this is the last one again

    @property
    def has_next(self) -> bool:
        """Whether the hint goes further."""
        return self.number < self.steps


def give_next_step(workbook: Workbook, checked: Checked) -> HintStep | None:
    """The next step of the hint for the first failure, remembered as given; None without a hint."""
    hint = hint_for(checked.lesson, checked.result, checked.mistakes)
    if hint is None:
        return None
    given = workbook.hints_given().get(hint.key, 0)
    place = min(given, len(hint.steps) - 1)
    workbook.remember_hint(hint.key, place + 1)
    seen_before = given >= len(hint.steps)
    return HintStep(hint.about, place + 1, len(hint.steps), hint.steps[place], seen_before)


def remember_reported_hint(workbook: Workbook, checked: Checked) -> None:
    """Count the step that a report shows beside a known mistake as given."""
    first = choose_check(checked.result)
    if first is None or first.misconception is None:
        return
    hint = hint_for(checked.lesson, checked.result, checked.mistakes)
    if hint is not None and not workbook.hints_given().get(hint.key):
        workbook.remember_hint(hint.key, 1)
