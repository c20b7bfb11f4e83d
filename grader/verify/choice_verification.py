"""What is proved with versions that run in this process: no false passes, and fair marks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Final

from grader.checks.course_checks import CourseChecks, open_checks
from grader.checks.rehearsal import rehearse
from grader.course import Course, Lesson
from grader.course.module_files import importable_modules
from grader.course.stubs import Function
from grader.diagnosis.version_files import empty_module
from grader.grading.grading_process import load_references
from grader.verify.corner_slips import CORNER
from grader.verify.equivalents import EQUIVALENTS_FILE, Change
from grader.verify.false_passes import GeneratedInputs, make_inputs, passes_every_check
from grader.verify.marks import Marks, mark_wrong_choices
from grader.verify.wrong_choices import accepted_modules

_LIST: Final = EQUIVALENTS_FILE.as_posix()


@dataclass(frozen=True, slots=True)
class Task:
    """A lesson to look at."""

    lesson: Lesson
    functions: Sequence[Function]  # that a student writes
    equivalent: Mapping[Change, str]  # the text of each mutant that is listed as right


@dataclass(slots=True)
class ChoiceProof:
    """What was found about a lesson."""

    marks: list[Marks] = field(default_factory=list)
    inputs: int = 0
    problems: list[str] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)


def prove_choices(
    course: Course,
    tasks: Sequence[Task],
    listed: Collection[Change],
    marked: Callable[[], None] = lambda: None,
) -> dict[str, ChoiceProof]:
    """Try wrong choices, corner slips and listed mutants of lessons.

    Args:
        course: the lessons'.
        tasks: one for each lesson.
        listed: the changes that are listed as right.
        marked: called after each wrong choice.

    Returns:
        What was found, by lesson. A lesson with a broken check is left out.

    Raises:
        CourseError: the checks, or a version, are no good.
    """
    with open_checks(course, load_references(course)) as checks:
        rehearse(
            replace(checks, lessons={task.lesson.id: checks[task.lesson.id] for task in tasks})
        )
        return {
            task.lesson.id: _prove_lesson(checks, task, listed, marked)
            for task in tasks
            if not any(rehearsed.broken for rehearsed in checks[task.lesson.id].rehearsed.values())
        }


def _prove_lesson(
    checks: CourseChecks, task: Task, listed: Collection[Change], marked: Callable[[], None]
) -> ChoiceProof:
    lesson = task.lesson
    accepted = accepted_modules(checks.course, lesson, checks.references)
    inputs = make_inputs(task.functions, checks.references[lesson.id], accepted)
    proof = ChoiceProof(list(mark_wrong_choices(checks, lesson, marked)), len(inputs.questions))
    proof.problems += _unnoticed_choices(proof.marks, inputs)
    proof.advice += _unnoticed_slips(checks, lesson, inputs, listed)
    proof.problems += _unlike_the_solution(task, inputs, checks.references)
    proof.advice += _without_shapes(checks.course, lesson, inputs)
    proof.advice += [
        f"{row.choice.where}: {words}" for row in proof.marks if row.lost for words in row.unfair
    ]
    return proof


def _unnoticed_choices(marks: Sequence[Marks], inputs: GeneratedInputs) -> Iterator[str]:
    """No wrong step earns every point; another rule says the same of files."""
    for row in marks:
        if not row.lost and row.choice.is_step:
            difference = inputs.difference(row.choice.make_module())
            shown = f"; see {difference}" if difference else ""
            yield (
                f"{row.choice.where}: is wrong and earns every point; write a check that "
                f"notices{shown}"
            )


def _unnoticed_slips(
    checks: CourseChecks, lesson: Lesson, inputs: GeneratedInputs, listed: Collection[Change]
) -> Iterator[str]:
    """Every slip in a corner is noticed, or listed as none; and the list is true."""
    made: set[Change] = set()
    for slip in inputs.slips:
        change = Change(lesson.id, slip.function, slip.what)
        made.add(change)
        module = slip.module_of(checks.references[lesson.id])
        difference = inputs.difference(module)
        passes = difference is not None and passes_every_check(checks[lesson.id], module)
        if passes and change not in listed:
            yield (
                f"{checks.course.shown(lesson.hidden_checks)}: no check notices this in "
                f"`{slip.function}`: {slip.what}; see {difference}. Write a check that does, or "
                f"list it in {_LIST}"
            )
        elif change in listed and not passes:
            yield f"{_LIST}: some check notices `{slip.what}` of `{slip.function}`; take it out"
    for change in listed:
        if change.lesson == lesson.id and change.change.startswith(CORNER) and change not in made:
            yield f"{_LIST}: `{change.function}` has no corner `{change.change}`; take it out"


def _unlike_the_solution(
    task: Task, inputs: GeneratedInputs, references: Mapping[str, ModuleType]
) -> Iterator[str]:
    """A mutant that is listed as right does what the solution does."""
    for change, text in task.equivalent.items():
        module = empty_module(task.lesson)
        with importable_modules(references):
            exec(compile(text, "mutant", "exec"), vars(module))  # noqa: S102 - the course's own
        if difference := inputs.difference(module):
            yield (
                f"{_LIST}: this change of `{change.function}` is listed as right, and is not for "
                f"{difference}; take it out of the list, and write a check:\n    {change.change}"
            )


def _without_shapes(course: Course, lesson: Lesson, inputs: GeneratedInputs) -> Iterator[str]:
    """Each function tells the shapes of its arguments that are arrays."""
    for function, error in inputs.unknown.items():
        if error.is_other:
            continue
        yield (
            f"{course.shown(lesson.solution)}:{error.line}: the docstring of `{function}` does not "
            f"tell the shape of `{error.name}`, so no inputs are made; write "
            f"`{error.name} : shape (n, d), …` below Parameters, or annotate it with int or float"
        )
