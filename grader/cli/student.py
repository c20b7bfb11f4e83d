"""Commands for students: where am I, is it right, and what now?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli import load_course
from grader.cli.options import LessonName
from grader.cli.screen import (
    bar,
    begin_there,
    current,
    launch_worker,
    paragraph,
    report,
    say,
)
from grader.learner.workbook import Progress, Workbook

if TYPE_CHECKING:
    from grader.course import Lesson
    from grader.learner.checking import Checked, Checker
    from grader.submissions.submission import HandedIn, Submission


lesson_argument = click.argument("lesson", required=False, type=LessonName())


def where(ctx: click.Context) -> None:
    """Tell where the student is: the lessons, the points, the file to open, the next command."""
    course = load_course(ctx)
    workbook = Workbook(course)
    submission = workbook.read()
    progress = up_to_date(workbook, submission)
    now = current(course, progress)
    say(overview(workbook, progress, now))
    if course.released:
        say("Hidden checks remain: they run when you hand in.")
    say()
    say(next_step(workbook, now, submission))


def overview(workbook: Workbook, progress: dict[str, Progress], now: Lesson | None) -> str:
    """All lessons with their bars, and an arrow at the present one."""
    course = workbook.course
    lines = [course.title, ""]
    width = max(len(lesson.id) for lesson in course.lessons)
    for number, lesson in enumerate(course.lessons, start=1):
        here = progress.get(lesson.id)
        arrow = "→" if lesson is now else " "
        name = f"{number} {lesson.id:<{width}}"
        if not workbook.files(lesson):
            lines.append(f"{arrow} {name}  {bar(0, 10)}  not there: grader reset {lesson.id}")
        elif here is None or not here.started:
            lines.append(f"{arrow} {name}  {bar(0, 10)}  not started")
        else:
            mark = "✓" if here.done else arrow
            rest = f"{here.passed} of {here.checks} checks, {_points(here.score)}"
            if here.waiting:
                rest += f", {here.waiting} to be marked"
            lines.append(f"{mark} {name}  {bar(here.share, 10)}  {rest}")
    known = [progress[lesson.id] for lesson in course.lessons if lesson.id in progress]
    share = sum(it.share for it in known) / len(course.lessons)
    score = sum(it.score for it in known)
    points = _points(score)
    if not course.released:
        points = f"{score:g} of {_points(sum(lesson.points for lesson in course.lessons))}"
    done = f"{sum(it.done for it in known)} of {len(course.lessons)} lessons"
    return "\n".join([*lines, "", f"{bar(share)}  {done}, {points}"])


def _points(number: float) -> str:
    return f"{number:g} point{'s' * (number != 1)}"


def next_step(workbook: Workbook, now: Lesson | None, submission: Submission) -> str:
    """What to do now, in a line or two."""
    if now is None:
        return "Every check passes here. Hand in with: grader submit"
    handed_in = submission.lessons.get(now.id)
    if not workbook.files(now):
        return way_back(now, handed_in)
    path = shown(workbook.file(now, handed_in))
    return f"Next: open {path}, read, fill in, save, and run\n    grader check {now.id}"


def way_back(lesson: Lesson, handed_in: HandedIn | None) -> str:
    """How to get the file of a lesson that is not there."""
    from grader.submissions.submission import Misnamed

    back = f"get the lesson's file back with: grader reset {lesson.id}"
    if isinstance(handed_in, Misnamed):
        return f"{paragraph(handed_in.hint)}.\nRename it, or {back}"
    return back[0].upper() + back[1:]


def up_to_date(workbook: Workbook, submission: Submission) -> dict[str, Progress]:
    """What is known of each lesson that is there; what has changed is checked again."""
    from grader.submissions.submission import Source

    known = workbook.progress_of(submission)
    found: dict[str, Progress] = {}
    stale: list[Lesson] = []
    for lesson in workbook.course.lessons:
        source = submission.lessons.get(lesson.id)
        if source is None:
            continue
        if lesson.id in known:
            found[lesson.id] = known[lesson.id]
        elif isinstance(source, Source) and source.cells == (workbook.original(lesson),):
            mark = workbook.fingerprint(lesson, submission)
            found[lesson.id] = Progress(mark, 0.0, lesson.points, 0, 1, started=False)
        else:
            stale.append(lesson)
    if stale:
        with new_checker(workbook) as checker:
            for lesson in stale:
                checker.check(lesson, submission)
        known = workbook.progress()
        found |= {lesson.id: known[lesson.id] for lesson in stale if lesson.id in known}
    return found


@click.command()
@lesson_argument
@click.pass_context
def check(ctx: click.Context, lesson: str | None) -> None:
    """Check a lesson, and tell what to do next.

    Without LESSON, the first that is not finished. Runs all checks that are at hand, and shows one
    failure in full. Exits with 0 when they pass, else with 1.

    Example: grader check 2
    """
    course = load_course(ctx)
    workbook = Workbook(course)
    with new_checker(workbook) as checker:
        submission = workbook.read()
        wanted = chosen(workbook, lesson, submission)
        checked = checker.check(wanted, submission)
    say(report(course, checked))
    remember_what_was_told(workbook, checked)
    say()
    say(afterwards(workbook, checked, submission))
    if not checked.done:
        ctx.exit(1)


def afterwards(
    workbook: Workbook,
    checked: Checked,
    submission: Submission,
    *,
    again: str = ", save, and check again",
    stuck: str | None = None,
) -> str:
    """The next step after a check.

    Args:
        workbook: of the student.
        checked: what the check found.
        submission: that was checked.
        again: what to do when the file is mended.
        stuck: how to get a hint; by the command if left out.
    """
    from grader.diagnosis.hints import function_of, worst
    from grader.results import LessonStatus, Status

    lesson = checked.lesson
    stuck = stuck or f"Stuck? grader hint {lesson.id}"
    if checked.result.status is LessonStatus.MISSING:
        back = way_back(lesson, None)
        return f"Rename it, or {back[0].lower()}{back[1:]}" if checked.result.message else back
    path = shown(workbook.file(lesson, submission.lessons.get(lesson.id)))
    if checked.result.status is not LessonStatus.GRADED:
        return f"Mend {path}{again}."
    first = worst(checked.result)
    if first is None:
        following = current(workbook.course, workbook.progress(), after=lesson)
        if following is None:
            return "That was the last one. Hand in with: grader submit"
        where_to = shown(workbook.file(following))
        return f"Well done. Next lesson: open {where_to}, then: grader check {following.id}"
    if first.status is Status.NOT_ATTEMPTED:
        function = function_of(lesson, first)
        what = f"`{function}`: " if function else ""
        task = paragraph(f"Next: {what}{first.title}")
        return f"{task}\nWrite it in {path}{again}. {stuck}"
    return f"Mend {path}{again}. {stuck}"


@click.command()
@lesson_argument
@click.option("--again", is_flag=True, help="Begin with the first step again.")
@click.pass_context
def hint(ctx: click.Context, lesson: str | None, again: bool) -> None:
    """Give a hint, one step more each time.

    Checks the lesson first, so that the hint is about what is wrong now. A question comes first,
    then the place to look, then almost the code.

    Example: grader hint 2
    """
    workbook = Workbook(load_course(ctx))
    with new_checker(workbook) as checker:
        submission = workbook.read()
        wanted = chosen(workbook, lesson, submission)
        checked = checker.check(wanted, submission)
    if again:
        workbook.forget_hints(wanted)
    say(one_hint(workbook, checked))


def one_hint(workbook: Workbook, checked: Checked, again_with: str = "") -> str:
    """The next step of the hint for what is wrong now, in words; it is remembered as given.

    Args:
        workbook: of the student.
        checked: what the last check found.
        again_with: how to get the next step, if not by the command.
    """
    from grader.diagnosis.hints import hint_for, worst
    from grader.results import LessonStatus

    lesson = checked.lesson
    if checked.result.status is LessonStatus.MISSING:
        return f"{lesson.id} is not there. Get it back with: grader reset {lesson.id}"
    if checked.result.status is not LessonStatus.GRADED:
        return f"Python cannot read the lesson yet:\n  {checked.result.message}"
    first = worst(checked.result)
    if first is None:
        return f"Every check of {lesson.id} passes: there is nothing to hint at."
    found = hint_for(lesson, checked.result, checked.mistakes)
    start = f"{begin_there(checked)}\n\n" if checked.unfinished else ""
    if found is None:
        path = shown(workbook.file(lesson))
        return start + paragraph(
            f"No hint for “{first.title}” Read what {path} says above the function once more."
        )
    given = workbook.hints_given().get(found.key, 0)
    step = min(given, len(found.steps) - 1)
    workbook.remember_hint(found.key, step + 1)
    text = f"{start}{found.about}, hint {step + 1} of {len(found.steps)}\n\n"
    text += paragraph(found.steps[step], "  ")
    if given >= len(found.steps):
        return text + f"\n\nThat is all there is. From the start: grader hint {lesson.id} --again"
    if step + 1 < len(found.steps):
        return f"{text}\n\n{again_with or f'Still stuck? grader hint {lesson.id}'}"
    return text


def remember_what_was_told(workbook: Workbook, checked: Checked) -> None:
    """Count the hint that a report gives as given: the next one goes a step further."""
    from grader.diagnosis.hints import hint_for, worst

    first = worst(checked.result)
    if first is None or first.misconception is None:
        return
    found = hint_for(checked.lesson, checked.result, checked.mistakes)
    if found is not None and not workbook.hints_given().get(found.key):
        workbook.remember_hint(found.key, 1)


@click.command()
@click.argument("lesson", type=LessonName())
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def reset(ctx: click.Context, lesson: str, yes: bool) -> None:
    """Put a lesson back as it was at the start.

    What you have written is kept in .grader/backups/.

    Example: grader reset 2
    """
    workbook = Workbook(load_course(ctx))
    wanted = workbook.course.lesson(lesson)
    if not yes and workbook.files(wanted):
        click.confirm(f"Put {wanted.id} back as it was? Yours is kept as a backup.", abort=True)
    say(put_back(workbook, wanted))


def put_back(workbook: Workbook, lesson: Lesson) -> str:
    """Put a lesson back, and tell what became of the old one."""
    backups = workbook.reset(lesson)
    said = [f"{shown(lesson.stub)} is as it was at the start."]
    said += [f"Yours is kept: {shown(path)}" for path in backups]
    return "\n".join(said)


def chosen(workbook: Workbook, wanted: str | None, submission: Submission) -> Lesson:
    """The lesson that was asked for, by its id; else the first unfinished one."""
    if wanted is not None:
        return workbook.course.lesson(wanted)
    course = workbook.course
    return current(course, workbook.progress_of(submission)) or course.lessons[-1]


def new_checker(workbook: Workbook, *, ahead: bool = False) -> Checker:
    """A checker whose first worker starts while this process imports what it needs.

    Args:
        workbook: of the student.
        ahead: whether a worker is kept ready for the next check.
    """
    first = launch_worker(workbook.course)
    try:
        from grader.learner.checking import Checker

        return Checker(workbook, first, ahead=ahead)
    except BaseException:
        first.kill()
        first.wait()
        raise


def shown(path: Path) -> str:
    """A path as the user would type it here."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
