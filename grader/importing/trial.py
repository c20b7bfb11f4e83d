"""Tries each check of a draft on the solution: does it pass outside, inside, or not at all?"""

from __future__ import annotations

import ast
import contextlib
import io
import re
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from grader.checks.course_checks import open_checks
from grader.checks.reference import quiet
from grader.checks.rehearsal import rehearse
from grader.course import Course
from grader.course.stubs import BEGIN, END, make_stub
from grader.errors import CourseError, GraderError
from grader.grading.grading_process import load_references, open_sandbox
from grader.importing.cell_names import parse
from grader.importing.course_folder import write_course
from grader.importing.draft import Draft, DraftCheck, DraftLesson, LeftOver
from grader.importing.notebook_lessons import without_anchors
from grader.importing.suite_folder import without_tests

_LONGEST: Final = 100  # characters of a statement


def try_lesson(draft: Draft, lesson: DraftLesson) -> bool:
    """Settle where each check of a lesson runs, and what the lesson is worth.

    A check runs outside if the solution passes it there, and else inside; each time after the whole
    solution at first, then as it stands where the test is. What the solution passes nowhere is left
    over, and so is what builds on it.

    Returns:
        Whether anything of the lesson can be graded.
    """
    while True:  # each round settles something: a check, or a statement that fails
        try:
            make_stub(lesson.solution, where=lesson.where)
            with quiet(), contextlib.redirect_stdout(io.StringIO()):
                broken = _rehearse(draft, lesson)
        except CourseError as error:
            if not _leave_statement_out(draft, lesson, error):
                draft.left_over.append(LeftOver(lesson.where, f"is left out: {error}"))
                return False
            continue
        for check in list(lesson.checks):
            if check.name in broken:
                _settle(draft, lesson, check, broken[check.name])
        if lesson.suite and broken:
            suite = without_tests(lesson.suite, broken)
            if suite == lesson.suite:  # these tests are made or inherited, so no lines are theirs
                failing = ", ".join(f"`{name}`" for name in broken)
                reason = f"is left out: its solution fails {failing}, whose lines were not found"
                draft.left_over.append(LeftOver(lesson.where, reason))
                return False
            lesson.suite = suite
            draft.left_over += [
                LeftOver(lesson.where, f"`{name}`: {reason}") for name, reason in broken.items()
            ]
        if not broken:
            break
    used = {check.anchor for check in lesson.checks if check.is_anchored or lesson.keeps_tests}
    lesson.solution = without_anchors(lesson.solution, used)
    return bool(lesson.count or lesson.written)


def _settle(draft: Draft, lesson: DraftLesson, check: DraftCheck, reason: str) -> None:
    if not check.inside:
        check.why_inside = reason
    if check.anchor and not check.is_anchored:
        check.is_anchored = True
        return
    if not check.inside:
        check.inside, check.is_anchored = True, False
        return
    lesson.checks.remove(check)
    for other in lesson.checks:
        if other.builds_on == check.name:
            other.builds_on = ""
    draft.left_over.append(LeftOver(check.where, check.why_inside))  # nearer to the cause


def _leave_statement_out(draft: Draft, lesson: DraftLesson, error: CourseError) -> bool:
    """Make a comment of the statement that keeps a solution from being imported.

    In a notebook such a statement costs only itself.
    """
    step = error.__cause__.__traceback__ if error.__cause__ else None
    line = 0
    while step is not None:
        if Path(step.tb_frame.f_code.co_filename).name == f"{lesson.id}.py" and not line:
            line = step.tb_lineno  # the outermost: at the top level
        step = step.tb_next
    tree = parse(lesson.solution)
    for node in tree.body if tree else []:
        last = node.end_lineno or node.lineno
        if node.lineno <= line <= last:
            lines = lesson.solution.split("\n")
            while _is_answer_open(failed := lines[node.lineno - 1 : last]):
                last += 1  # its end is a comment behind the statement
            kept = [f"# {line}".rstrip() for line in failed if line.strip() not in {BEGIN, END}]
            instead = ["pass"]  # it may be all of an answer
            if len(kept) < len(failed):  # or have one within
                instead = [BEGIN, "pass", END]
            lines[node.lineno - 1 : last] = [*kept, *instead]
            lesson.solution = "\n".join(lines)
            said = f"{type(error.__cause__).__name__}: {error.__cause__}"
            reason = f"fails ({said}), and is a comment now: {ast.unparse(node)[:_LONGEST]}"
            if isinstance(error.__cause__, ModuleNotFoundError):
                reason += "; install the module on this machine, and try again"
            draft.left_over.append(LeftOver(lesson.where, reason))
            return True
    return False


def _is_answer_open(lines: Sequence[str]) -> bool:
    marks = [line.strip() for line in lines]
    return marks.count(BEGIN) > marks.count(END)


def _rehearse(draft: Draft, lesson: DraftLesson) -> dict[str, str]:
    """Why checks of a lesson are broken, by name; counts the others, and their points."""
    points = sum(float(str(question["points"])) for question in lesson.written)
    lesson.count = 0
    if not (lesson.checks or lesson.suite):
        lesson.points = points
        return {}
    folder = Path(tempfile.mkdtemp(prefix="grader-import-"))
    lesson.points = lesson.points or 1.0  # anything that is no contradiction
    try:
        write_course(folder, draft, [lesson])
        start = time.process_time()
        references = load_references(Course.load(folder))
        lesson.seconds = max(lesson.seconds, time.process_time() - start)
        write_course(folder, draft, [lesson])  # with limits that let the solution run
        course = Course.load(folder)
        with open_checks(course, references, any_points=True) as checks:
            with open_sandbox(course) as sandbox:
                rehearse(checks, sandbox, for_author=True)
            own = checks[lesson.id]
            lesson.count = sum(not check.documented for check in own.checks)
            lesson.points = points + sum(check.points for check in own.checks)
            reasons = {check.name: own.rehearsed[check.name].broken for check in own.checks}
            return {name: _shorten(reason) for name, reason in reasons.items() if reason}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def prove(course: Course) -> None:
    """Try all lessons of an imported course together, as they are graded.

    Raises:
        GraderError: the solutions do not pass a check that they pass lesson by lesson. Such a check
            would give everybody its points.
    """
    with (
        quiet(),
        contextlib.redirect_stdout(io.StringIO()),
        open_checks(course, load_references(course)) as checks,
    ):
        with open_sandbox(course) as sandbox:
            rehearse(checks, sandbox, for_author=True)
        for lesson in checks.lessons.values():
            for check in lesson.checks:
                if reason := lesson.rehearsed[check.name].broken:
                    raise GraderError(
                        f"{lesson.lesson.id}: `{check.name}` works alone, and not beside the other "
                        f"notebooks: {_shorten(reason)}"
                    )


def _shorten(reason: str) -> str:
    """The reason alone, without what is told of every broken check."""
    match = re.search(r"the reference does not pass it \((.*)\)$", reason, re.DOTALL)
    said = re.sub(r",? at (?:visible|hidden)/\S+$", "", match[1]) if match else reason
    return f"the solution does not pass it ({said})"
