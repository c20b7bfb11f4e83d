"""Commands for those who grade."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from itertools import chain
from pathlib import Path

import click
from rich.console import Console

from grader.cli import load_whole_course
from grader.cli.options import jobs_option
from grader.cli.screen import progress_bar
from grader.course import Course
from grader.errors import GraderError
from grader.files import make_folder
from grader.grading.batches import choose_isolation, cut_into_batches, grade_class
from grader.grading.executors import local_executor
from grader.grading.fingerprints import Fingerprints
from grader.grading.output_folder import (
    CLASS_PAGE,
    FEEDBACK,
    GRADES,
    RESULTS,
    read_results,
    write_outputs,
)
from grader.grading.run_book import Gradebook
from grader.grading.store import FILENAME, now, open_store
from grader.reports import class_table
from grader.results import LessonStatus, Report, StudentResult
from grader.results.late import take_off_penalties
from grader.results.manual_marks import apply_marks
from grader.sandbox.levels import Isolation
from grader.submissions.collected_file import COLLECTED_FILE
from grader.submissions.intake import Intake, take_in
from grader.submissions.submission_times import SubmissionTimes
from grader.text import clean_name
from grader.text.wording import list_some


@click.command()
@click.argument("submissions", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="Where results and pages go. Made if it is not there.",
)
@jobs_option
@click.option(
    "--isolation",
    type=click.Choice(list(Isolation), case_sensitive=False),
    help="How far student code is kept apart: at least this, or nothing is graded. Left out: "
    "`full`, or `filtered` where that cannot be had.",
)
@click.option("--fresh", is_flag=True, help="Grade anew what has not changed, too.")
@click.option(
    "--pages/--no-pages",
    default=True,
    help="Write report.html and the students' feedback/, too. They are written unless told not to.",
)
@click.pass_context
def grade(
    ctx: click.Context,
    submissions: Path,
    *,
    out: Path,
    jobs: int,
    isolation: Isolation | None,
    fresh: bool,
    pages: bool,
) -> None:
    """Grade a class.

    SUBMISSIONS holds a folder or a .zip for each student, with their lessons in it; a single
    student's folder works too. Writes to the output folder results.json, grades.csv, report.html
    (the class as a page) and feedback/ (a page for each student), and prints a table. Exits with
    0 when everyone was graded, whatever the scores.

    What has not changed since the last run into the same folder is not graded again, and a run
    that was stopped goes on where it was.

    Example: grader grade submissions/ --out grades/
    """
    course = load_whole_course(ctx)
    lesson_ids = course.lesson_ids
    _refuse_inside(out, submissions)
    intake = take_in(submissions, lesson_ids, max_file_bytes=course.limits.file_kib * 1024)
    times = SubmissionTimes(submissions, alone=intake.alone) if course.late is not None else None
    if intake.alone:
        _refuse_others(out, *intake.students)
    make_folder(out)
    with _telling_how_to_go_on(), open_store(out) as store:
        book = Gradebook(store, Fingerprints(course), wanted=isolation, fresh=fresh)
        _grade(course, intake, book, jobs, isolation)
        report = Report(course.id, now(), book.isolation.value, book.results())
        report = apply_marks(report, store.marks())
        if course.late is not None and times is not None:
            report = replace(
                report, students=take_off_penalties(report.students, course.late, times)
            )
        write_outputs(out, report, course, pages=pages)
    Console().print(class_table.render(report, lesson_ids))
    for note in (*intake.notes, *_without_a_time(course, report, times)):
        click.echo(f"Note: {note}", err=True)
    count = len(report.students)
    written = [RESULTS, GRADES, *([CLASS_PAGE, f"{FEEDBACK}/"] if pages else [])]
    if book.unchanged:
        were = f"{book.unchanged} student{'s' * (book.unchanged != 1)}"
        click.echo(f"{were} unchanged, taken from {out / FILENAME}")
    click.echo(
        f"{count} student{'s' * (count != 1)}, isolation `{report.isolation}`.\n"
        f"Report: {', '.join(str(out / name) for name in written)}"
    )
    if waiting := report.to_mark:
        answers = f"{waiting} written answer{'s wait' if waiting != 1 else ' waits'}"
        click.echo(
            f"{answers} for a mark and count{'s' * (waiting == 1)} 0 until then: "
            f"grader mark --list --out {out}"
        )
    _tell_grader_errors(report)


@contextmanager
def _telling_how_to_go_on() -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        told = "What is graded is kept; the same command goes on where it was."
        click.echo(told, err=True)
        raise


def _grade(
    course: Course, intake: Intake, book: Gradebook, jobs: int, wanted: Isolation | None
) -> None:
    """Grade who has to be graded. No process is started if there is nobody."""
    ungraded = book.ungraded(intake)
    first = next(ungraded, None)
    if first is None:
        return
    students = len(intake.students)
    jobs = min(jobs, students)
    with ExitStack() as stack:
        executor = stack.enter_context(local_executor(jobs))
        choice = choose_isolation(course, executor, wanted, processes=jobs)
        click.echo(choice, err=choice.isolation is not Isolation.FULL)
        bar = stack.enter_context(progress_bar("Grading"))
        task = bar.add_task("", total=students)

        def graded(results: Sequence[StudentResult]) -> None:
            book.keep(results, choice.isolation)
            bar.update(task, completed=book.finished)

        grade_class(
            course,
            cut_into_batches(chain([first], ungraded), jobs),
            executor,
            isolation=choice.isolation,
            waiting=2 * jobs,
            graded=graded,
        )


def _refuse_inside(out: Path, submissions: Path) -> None:
    """An output folder among the submissions would be a student in the next run."""
    if out.resolve().is_relative_to(submissions.resolve()):
        raise GraderError(
            f"the output folder {out} lies within the submissions, where it would be taken for a "
            "student's. Choose one beside them, such as --out grades"
        )


def _refuse_others(out: Path, student: str) -> None:
    """Results of one student alone would take the place of a class's."""
    others: set[str] = set()
    with suppress(GraderError):  # there are none yet, or none that can be read
        others = {it.student for it in read_results(out).students} - {student}
    if others:
        names = list_some([clean_name(it) for it in sorted(others)])
        raise GraderError(
            f"{out} holds the results of others ({names}), and {clean_name(student)} alone would "
            "take their place. Choose another folder with --out, or grade the whole class: only "
            "what changed is graded again."
        )


def _tell_grader_errors(report: Report) -> None:
    """Name what broke on our side, and with whom if not with everybody; end with exit code 1."""
    broken: set[tuple[str, str, str | None]] = set()
    lines: set[str] = set()
    some = report.errors_for_some_alone
    # Lesson and reason → students and checks, in order.
    with_some: dict[tuple[str, str | None], tuple[dict[str, None], dict[str, None]]] = {}
    for student, lesson, check in report.grader_errors:
        broken.add((lesson, check.check, check.message))
        if lesson in some.get(student, ()):
            students, checks = with_some.setdefault((lesson, check.message), ({}, {}))
            students[clean_name(student)] = checks[check.check] = None
        else:
            lines.add(f"{lesson}: {check.check}: {check.message}")
    if not broken:
        return
    told = [f"{len(broken)} of our checks broke; no student lost a point for it.", *sorted(lines)]
    if with_some:
        told.append("With some students alone, whose points stand until you have looked:")
        told += [
            f"{list_some(list(students))}: {lesson}: {list_some(list(checks))}: {reason}"
            for (lesson, reason), (students, checks) in with_some.items()
        ]
    raise GraderError("\n".join(told))


def _without_a_time(course: Course, report: Report, times: SubmissionTimes | None) -> Iterator[str]:
    """Whose lateness nobody can tell, or by how many days: nothing is taken off."""
    if times is None or course.late is None or course.late.due is None:
        return
    unknown: list[str] = []
    for student in report.students:
        if lessons := times.late_without_a_time(student.student):
            yield (
                f"{clean_name(student.student)}: {', '.join(lessons)} came late, and nothing says "
                f"when: nothing was taken off. See `late` in {COLLECTED_FILE}."
            )
        elif any(
            lesson.status is not LessonStatus.MISSING
            and times(student.student, lesson.lesson) is None
            for lesson in student.lessons
        ):
            unknown.append(clean_name(student.student))
    if unknown:
        count = len(unknown)
        yield (
            f"{count} student{'s have' if count != 1 else ' has'} no time of submission: nothing "
            f"was taken off ({list_some(unknown)})"
        )
