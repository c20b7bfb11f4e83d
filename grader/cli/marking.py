"""``grader mark``: the part of grading that a person does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from grader.cli import load_whole_course
from grader.cli.options import student_named
from grader.course import Course, Lesson, Written
from grader.course.yaml_file import known_ones
from grader.errors import GraderError
from grader.grading.output_folder import (
    CLASS_PAGE,
    RESULTS,
    find_results,
    read_results,
    write_outputs,
)
from grader.grading.store import Store, now, open_store
from grader.reports.statuses import LOOKS
from grader.results import CheckResult, LessonStatus, Report, Status
from grader.results.manual_marks import Mark, fingerprint, with_marks
from grader.text import clean

_MAX_COMMENT = 2_000
_MAX_OPENING = 60


@click.command()
@click.argument("student", required=False)
@click.argument("question", required=False)
@click.argument("points", type=float, required=False)
@click.option("--comment", metavar="TEXT", help="What the student reads beside the points.")
@click.option("--undo", is_flag=True, help="Take the mark back: the answer waits again.")
@click.option("--list", "listing", is_flag=True, help="Show which answers wait for a mark.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("grades"),
    show_default="grades",
    help="The output folder of `grader grade`.",
)
@click.pass_context
def mark(
    ctx: click.Context,
    *,
    student: str | None,
    question: str | None,
    points: float | None,
    comment: str | None,
    undo: bool,
    listing: bool,
    out: Path,
) -> None:
    """Mark a written answer.

    With POINTS, gives them to STUDENT's answer to QUESTION, and writes the results and pages
    anew; without, shows the answer. A mark stays when the class is graded again.

    Example: grader mark ada analogy 1.5 --comment "And what is the key?" --out grades/
    """
    course = load_whole_course(ctx)
    if not listing and (student is None or question is None):
        raise click.UsageError("Name a student and a question, or see what there is with --list.")
    if undo and points is not None:
        raise click.UsageError("--undo takes a mark back; it goes without POINTS.")
    if comment is not None and points is None:
        raise click.UsageError("A comment goes with POINTS.")
    find_results(out)  # better said before a store is made beside it
    with open_store(out) as store:  # nobody grades into this folder meanwhile
        report = with_marks(_read(out, course), store.marks())
        if listing:
            _list(course, report, store, student)
            return
        assert student is not None
        assert question is not None
        lesson, asked = _question(course, question)
        answer = _answer(report, student, lesson, asked)
        if points is None and not undo:
            click.echo(_shown(answer))
            return
        if points is None:
            store.unmark(student, lesson.id, question)
        else:
            _check_points(points, asked)
            said = clean(comment, _MAX_COMMENT, multiline=True) if comment else None
            store.mark(
                Mark(student, lesson.id, question, points, said, fingerprint(answer.answer), now())
            )
        report = with_marks(report, store.marks())
        write_outputs(out, report, course, pages=(out / CLASS_PAGE).exists())
    what = "waits again" if points is None else f"{points:g} of {asked.points:g} points"
    click.echo(f"{clean(student)}: {question}: {what}")


def _read(out: Path, course: Course) -> Report:
    report = read_results(out)
    if report.course != course.id:
        raise GraderError(
            f"{out / RESULTS} is about the course `{clean(report.course)}`, and this is "
            f"`{course.id}`. Name the right course: grader --course DIR mark …"
        )
    return report


def _question(course: Course, wanted: str) -> tuple[Lesson, Written]:
    """The written question of that id, and its lesson."""
    found = {question.id: (lesson, question) for lesson in course.lessons
             for question in lesson.written}  # fmt: skip
    if not found:
        raise GraderError("No lesson of this course has `written:` questions in course.yaml.")
    if wanted not in found:
        near = known_ones(wanted, found, "questions")
        raise GraderError(f"no written question is called `{clean(wanted)}`{near}")
    return found[wanted]


def _answer(report: Report, student: str, lesson: Lesson, question: Written) -> CheckResult:
    """What a student has for a question."""
    for result in student_named(report, student).lessons:
        if result.lesson == lesson.id and result.status is not LessonStatus.GRADED:
            why = f" ({result.message})" if result.message else ""
            raise GraderError(
                f"there is nothing to mark: {clean(student)}'s lesson `{lesson.id}` is "
                f"{LOOKS[result.status].words}{why}."
            )
        for check in result.checks:
            if result.lesson == lesson.id and check.check == question.id:
                return check
    raise GraderError(
        f"`{question.id}` is new in course.yaml. Grade the class again, then mark it."
    )


def _check_points(points: float, question: Written) -> None:
    if not 0 <= points <= question.points:  # also true of nan
        raise click.BadParameter(
            f"`{question.id}` is worth from 0 to {question.points:g} points, not {points:g}.",
            param_hint="POINTS",
        )


def _shown(check: CheckResult) -> str:
    """An answer as its reader sees it, with what is known about it."""
    if not check.answer:
        return f"There is no answer. ({check.message})" if check.message else "There is no answer."
    words = LOOKS[check.status].words
    state = f"{words}, {check.score:g} of {check.max_score:g} points"
    said = f": {check.message}" if check.message and check.message != words else ""
    return f"{check.title} ({state}{said})\n\n{check.answer}"


def _list(course: Course, report: Report, store: Store, student: str | None) -> None:
    """Print what waits for a mark, and what was marked and then changed."""
    rows = list(_to_do(report, store, student))
    for name, question, what, answer in rows:
        opening = clean(answer, _MAX_OPENING)
        click.echo(f"{clean(name)}  {question}  {what}  {opening}")
    if rows:
        count = len(rows)
        click.echo(f"{count} answer{'s' * (count != 1)}. Read one: grader mark STUDENT QUESTION")
    elif any(lesson.written for lesson in course.lessons):
        click.echo("Nothing waits for a mark.")
    else:
        click.echo("No lesson of this course has `written:` questions in course.yaml.")


def _to_do(
    report: Report, store: Store, student: str | None
) -> Iterator[tuple[str, str, str, str]]:
    marked = {(mark.student, mark.lesson, mark.question): mark for mark in store.marks(student)}
    for result in report.students:
        if student is not None and result.student != student:
            continue
        for lesson in result.lessons:
            for check in lesson.checks:
                given = marked.get((result.student, lesson.lesson, check.check))
                if check.status is Status.PENDING:
                    yield result.student, check.check, "waits", check.answer or ""
                elif given and given.answer != fingerprint(check.answer):
                    yield result.student, check.check, "changed since", check.answer or ""
