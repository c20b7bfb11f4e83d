"""The rules that a course must follow. Each rule yields a sentence for each violation.

A sentence says where the problem is, what it is, and what to do about it. Four rules yield advice
where nothing is wrong: :func:`hints_are_there`, :func:`enough_accepted`, :func:`time_is_enough`
and :func:`little_is_unforeseen`.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Final, TypeGuard

from grader.checks.docstring_examples import find_false_examples
from grader.checks.reference import ReferenceCallee
from grader.course import Course, Lesson
from grader.course.yaml_file import COURSE_FILE, list_choices
from grader.diagnosis.version_files import VersionFile
from grader.drawing.drawing_files import NotDrawn
from grader.drawing.drawings import draw
from grader.drawing.friend_page import has_page, make_friend_page
from grader.errors import CourseError
from grader.grading.grading_process import load_references
from grader.results import SETTLED, WRONG, LessonResult, LessonStatus, Status
from grader.verify.answers import Graded, Kind, up_to
from grader.verify.corner_slips import CORNER
from grader.verify.equivalents import EQUIVALENTS_FILE, Change
from grader.verify.lesson_minutes import minutes_for, say_work
from grader.verify.revealing_hints import answer_lines, find_revealed_line, fixed_names
from grader.verify.wrong_shapes import OTHER_NUMBERS

if TYPE_CHECKING:
    from grader.verify.mutants import Mutant

#: What a wrong answer may lose in hidden checks while it passes every visible one: this share of
#: the lesson's points, but always one point.
MOST_UNFORESEEN: Final = 0.1

#: Right but unusual versions that a lesson with functions should have.
MIN_ACCEPTED: Final = 5

_LIST: Final = EQUIVALENTS_FILE.as_posix()


def nothing_breaks(where: str, graded: Iterable[Graded]) -> Iterator[str]:
    """No check breaks on our side, whatever the answer. Another rule is about wrong shapes."""
    every = (
        check
        for outcome in graded
        if outcome.answer.kind is not Kind.WRONG_SHAPE
        for check in outcome.result.checks
    )
    ours = (Status.GRADER_ERROR, Status.UNDECIDED)
    broken = {check.check: check.message for check in every if check.status in ours}
    for name, message in broken.items():
        yield f"{where}: `{name}`: {message}"


def stub_is_untouched(where: str, stub: Graded) -> Iterator[str]:
    """Every check says of the stub that nothing was attempted."""
    if stub.result.status is not LessonStatus.GRADED:
        yield f"{where}: cannot be graded as it is handed out: {stub.result.message}"
    for check in stub.result.checks:
        if check.status not in {Status.NOT_ATTEMPTED, Status.GRADER_ERROR}:
            yield (
                f"{where}: `{check.check}` says {check.status} where nothing was attempted; "
                "the first thing that a check calls must be a function to be written"
            )


def earns_every_point(where: str, graded: Graded, remedy: str) -> Iterator[str]:
    """A right answer passes every check."""
    if graded.result.status is not LessonStatus.GRADED:
        yield f"{where}: cannot be graded: {graded.result.message}"
    for check in graded.lost:
        said = (check.message or check.title).splitlines()[0]
        yield f"{where}: is right, but `{check.check}` says {check.status} ({said}); {remedy}"


def loses_points(where: str, graded: Graded) -> Iterator[str]:
    """A known-wrong version loses points."""
    if graded.result.status is not LessonStatus.GRADED:
        yield f"{where}: cannot be graded: {graded.result.message}"
    elif not graded.is_noticed:
        yield f"{where}: is wrong and earns every point; write a check that notices"


def little_is_unforeseen(
    where: str, lesson: Lesson, graded: Graded, visible: Collection[str]
) -> Iterator[str]:
    """Whoever passes every visible check loses little in the hidden ones.

    Args:
        where: what to call the known-wrong version.
        lesson: that it is a version of.
        graded: the version.
        visible: the names of the checks that students have.
    """
    if any(check.check in visible for check in graded.lost):
        return
    points = sum(check.max_score - check.score for check in graded.lost)
    if points > max(1.0, MOST_UNFORESEEN * lesson.points) + 1e-9:
        names = ", ".join(f"`{check.check}`" for check in graded.lost)
        yield (
            f"{where}: passes all that students can check, and loses {points:g} points "
            f"({names}); add an example to a docstring, or a visible check, that fails"
        )


def is_named(where: str, graded: Graded, mistake: str, probes: str) -> Iterator[str]:
    """A known-wrong version gets the name of its own mistake, and no other."""
    remedy = f"add a call to {probes} on which it stands out"
    if graded.result.status is LessonStatus.GRADED and graded.is_noticed and not graded.names:
        yield f"{where}: is not recognised; {remedy}"
    for name in sorted(graded.names - {mistake}):
        yield f"{where}: is taken for `{name}`; {remedy}"


def every_failure_is_named(where: str, graded: Graded, probes: str) -> Iterator[str]:
    """If a check names the mistake of a known-wrong version, every check that fails names it."""
    unnamed = [
        f"`{check.check}`"
        for check in graded.lost
        if check.status not in _NOT_FOUND_WRONG and not check.misconception
    ]
    if unnamed and graded.names:
        yield (
            f"{where}: fails {', '.join(unnamed)} without a name; add a call to {probes} that "
            "shows the mistake in what is checked there"
        )


def costs_nothing_later(where: str, lesson: str, results: Iterable[LessonResult]) -> Iterator[str]:
    """A mistake in a lesson costs no point in later lessons that are right and import it.

    Args:
        where: the name of the known-wrong version.
        lesson: the id of its lesson.
        results: those of the lessons that import it.
    """
    for result in results:
        if result.status is not LessonStatus.GRADED:
            yield f"{where}: keeps {result.lesson}, which imports it, from being graded"
        lost = [f"`{check.check}`" for check in result.checks if check.status not in SETTLED]
        if lost:
            yield (
                f"{where}: costs points in {result.lesson}, too, where the solution fails "
                f"{', '.join(lost)}; check there what it does beyond handing on {lesson}"
            )


def hints_are_there(lesson: Lesson, functions: Collection[str]) -> Iterator[str]:
    """Every function that a student writes has its hints.

    Args:
        lesson: with its hints.
        functions: the names of those that a student writes.
    """
    for name in functions:
        if name not in lesson.hints:
            yield (
                f"{COURSE_FILE}: {lesson.id}: `{name}` has no hints; write three steps below "
                f"`hints: {name}:`, from a question to almost the code"
            )


def hints_are_for_something(lesson: Lesson, functions: Collection[str]) -> Iterator[str]:
    """Every hint is about a function or an answer that a student writes.

    Args:
        lesson: with its hints.
        functions: the names of those that a student writes.
    """
    names = {*functions, *(question.id for question in lesson.written)}
    for name in lesson.hints:
        if name not in names:
            yield (
                f"{COURSE_FILE}: {lesson.id}: hints for `{name}`, which is nothing that a student "
                f"writes{list_choices(name, sorted(names), 'names')}"
            )


def hints_leave_a_step(
    hints: Iterable[tuple[str, str]], solution_text: str, solution: str
) -> Iterator[str]:
    """No hint contains a line that the student has to write.

    Args:
        hints: pairs of a hint's name and its text.
        solution_text: the lesson with its answers.
        solution: the name of the lesson.
    """
    lines = answer_lines(solution_text, where=solution)
    kept = fixed_names(solution_text)
    for where, hint in hints:
        if line := find_revealed_line(hint, lines, kept):
            yield f"{where}: gives `{line.code}` away; leave the last step to the student"


def time_is_enough(lesson: Lesson, work: Counter[str]) -> Iterator[str]:
    """A lesson takes no longer than it says.

    Args:
        lesson: which may say nothing.
        work: what it asks for; see :mod:`grader.verify.lesson_minutes`.
    """
    if 0 < lesson.minutes < (needed := minutes_for(work)):
        yield (
            f"{COURSE_FILE}: {lesson.id}: says {lesson.minutes} minutes, and takes about {needed} "
            f"({say_work(work)}); say {needed}, or ask for less"
        )


def drawing_shows_something(course: Course, lesson: Lesson) -> Iterator[str]:
    """A lesson's drawing and its page, where it has them, draw what the solution returns."""
    if not lesson.drawing.is_file():
        return
    try:
        part = up_to(course, lesson)
        callee = ReferenceCallee(load_references(part)[lesson.id])
        drawn: object = draw(part, lesson, callee)
        if not isinstance(drawn, NotDrawn) and has_page(part, lesson):
            drawn = make_friend_page(part, lesson, callee)
    except CourseError as error:
        yield from str(error).splitlines()
        return
    if isinstance(drawn, NotDrawn):
        yield f"{course.shown(lesson.drawing)}: draws nothing of the solution: {drawn.reason}"


def examples_hold(course: Course, lesson: Lesson) -> Iterator[str]:
    """The solution does what the examples in the docstrings show; only then they are checks."""
    part = up_to(course, lesson)
    with suppress(CourseError):  # told by whoever grades
        yield from find_false_examples(part, lesson, load_references(part)[lesson.id])


def replaces_something(where: str, file: VersionFile, solution_text: str) -> Iterator[str]:
    """A version replaces some function of the solution; otherwise it proves nothing."""
    own, its = _defined_names(solution_text), _defined_names(file.text)
    if own is not None and its is not None and own.isdisjoint(its):
        names = ", ".join(sorted(own))
        yield f"{where}: defines none of {names}, and so changes nothing; mend the name"


def enough_accepted(where: str, count: int) -> Iterator[str]:
    """The checks are tried on several right versions, not on the solution alone."""
    if count < MIN_ACCEPTED:
        yield (
            f"{where}: has {count} right but unusual version{'s' * (count != 1)} of the lesson; "
            f"write {MIN_ACCEPTED - count} more"
        )


def survivors(
    where: str,
    lesson: Lesson,
    mutants: Mapping[str, Mutant],
    graded: Iterable[Graded],
    equivalents: Mapping[Change, str],
) -> Iterator[str]:
    """Every mutant is noticed by a check, or listed as right; and every listed change is right."""
    listed = {
        key for key in equivalents if key.lesson == lesson.id and not key.change.startswith(CORNER)
    }
    unnoticed: list[str] = []
    for outcome in graded:
        mutant = mutants[outcome.answer.name]
        key = Change(lesson.id, mutant.function, mutant.change)
        if outcome.is_noticed and key in listed:
            noticed = next((check.check for check in outcome.lost), "the import")
            yield (
                f"{_LIST}: `{noticed}` notices this change of `{mutant.function}`; take it out of "
                f"the list:\n    {mutant.change}"
            )
        elif not outcome.is_noticed and key not in listed:
            line = f"line {mutant.line}" + f" of {mutant.module}" * bool(mutant.module)
            unnoticed.append(f"{line}, {mutant.function}: {mutant.change}")
    if unnoticed:
        yield (
            f"{where}: no check notices these changes ({len(unnoticed)}); sharpen one, or list the "
            f"change in {_LIST} and say why it is right:"
        ) + "".join(f"\n    {line}" for line in unnoticed)
    made = {Change(lesson.id, mutant.function, mutant.change) for mutant in mutants.values()}
    for key in sorted(listed - made, key=lambda key: (key.function, key.change)):
        yield (
            f"{_LIST}: no such change can be made to `{key.function}` of {lesson.id} any more; "
            f"take it out of the list:\n    {key.change}"
        )


def refuses_wrong_shapes(where: str, graded: Iterable[Graded]) -> Iterator[str]:
    """A check of values passes no value of a wrong shape, and does not take long over one.

    Args:
        where: the check files.
        graded: the versions of :mod:`grader.verify.wrong_shapes`.
    """
    results = {outcome.answer.name: outcome.result.checks for outcome in graded}
    others = results.pop(OTHER_NUMBERS, ())
    about_values = {check.check for check in others if check.status in WRONG}
    accepted: dict[str, list[str]] = {}
    slow: dict[str, list[str]] = {}
    for change, checks in results.items():
        for check in checks:
            if check.status in _COSTS_MUCH:
                slow.setdefault(check.check, []).append(f"{change} ({check.status})")
            elif check.check in about_values and check.status is Status.PASSED:
                accepted.setdefault(check.check, []).append(change)
    remedy = "compare shapes first, as `as_array` and `assert_close` of grader.testing do"
    for name, changes in accepted.items():
        said = f"accepts right numbers in a wrong shape ({', '.join(changes)})"
        yield f"{where}: `{name}` {said}; {remedy}"
    for name, changes in slow.items():
        yield f"{where}: `{name}` takes too much time or memory over {', '.join(changes)}; {remedy}"


def every_check_can_fail(where: str, graded: Iterable[Graded]) -> Iterator[str]:
    """Every check fails for some wrong answer."""
    every = (check for outcome in graded for check in outcome.result.checks)
    results = [
        check for check in every if check.status not in {Status.GRADER_ERROR, Status.PENDING}
    ]
    failed = {check.check for check in results if check.status not in _NOT_FOUND_WRONG}
    for name in dict.fromkeys(check.check for check in results):
        if name not in failed:
            yield f"{where}: `{name}` fails for no wrong answer; sharpen it, or delete it"


def asks_for_own_work(where: str, handed_on: Iterable[tuple[str, str]]) -> Iterator[str]:
    """No check passes with the functions of an earlier lesson in the place of this one's.

    Args:
        where: the check files.
        handed_on: such checks, each with the earlier lesson.
    """
    for name, earlier in handed_on:
        yield (
            f"{where}: `{name}` passes with what {earlier} returns; so whoever has {earlier} wrong "
            "gets no marks for it by follow-through: let it ask for what this lesson adds"
        )


#: The statuses of a check that took too much time or memory over a value.
_COSTS_MUCH: Final = frozenset({Status.TIMEOUT, Status.OUT_OF_MEMORY, Status.UNDECIDED})

#: The statuses of a check that did not find an answer wrong.
_NOT_FOUND_WRONG: Final[Collection[Status]] = {
    Status.PASSED, Status.PENDING, Status.SKIPPED, Status.NOT_ATTEMPTED,
}  # fmt: skip


def _defined_names(text: str) -> set[str] | None:
    """The names that a program defines at its top level. None if it does not compile."""
    names: set[str] = set()
    try:
        body = ast.parse(text).body
    except SyntaxError:
        return None
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            names.update(part.id for part in ast.walk(node) if _is_target(part))
    return names


def _is_target(node: ast.AST) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
