"""The words of the student's commands: the progress, the results of a check, and the next step."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli.screen import bar, columns, in_colour, paragraph, width_of_text
from grader.learner.progress import Progress, first_unfinished
from grader.learner.workbook import Workbook
from grader.submissions.submission import HandedIn, Misnamed, Submission

if TYPE_CHECKING:
    from grader.course import Course, Lesson
    from grader.drawing.drawings import Drawing
    from grader.learner.checking import Checked


def overview(workbook: Workbook, progress: dict[str, Progress], now: Lesson | None) -> str:
    """All lessons with their bars, and an arrow at the current one."""
    course = workbook.course
    lines = [course.title, ""]
    width = max(len(lesson.id) for lesson in course.lessons)
    digits = len(str(len(course.lessons)))

    def add(sign: str, name: str, share: float, rest: str) -> None:
        line = f"{sign} {name}  {bar(share, 10)}  {rest}"
        fits = len(line) <= columns()
        lines.extend([line] if fits else [f"{sign} {name.rstrip()}", f"    {rest}"])

    headings = {part.lessons[0]: part.title for part in course.parts}
    for number, lesson in enumerate(course.lessons, start=1):
        if lesson.id in headings:
            lines += ["", headings[lesson.id]] if number > 1 else [headings[lesson.id]]
        latest = progress.get(lesson.id)
        arrow = "→" if lesson is now else " "
        name = f"{number:>{digits}} {lesson.id:<{width}}"
        if not workbook.files(lesson):
            add(arrow, name, 0, f"not there: grader reset {lesson.id}")
        elif latest is None or not latest.started:
            takes = f", about {lesson.minutes} minutes" if lesson.minutes else ""
            add(arrow, name, 0, f"not started{takes}")
        else:
            mark = "✓" if latest.done else arrow
            rest = f"{latest.passed} of {latest.checks} checks, {_points(latest.score)}"
            if latest.refused:
                rest += ", an import is refused"
            if latest.waiting:
                rest += f", {latest.waiting} to be marked"
            add(mark, name, latest.share, rest)
    checked = [progress[lesson.id] for lesson in course.lessons if lesson.id in progress]
    share = sum(lesson.share for lesson in checked) / len(course.lessons)
    score = sum(lesson.score for lesson in checked)
    points = _points(score)
    if not course.released:
        points = f"{score:g} of {_points(sum(lesson.points for lesson in course.lessons))}"
    done = f"{sum(lesson.done for lesson in checked)} of {len(course.lessons)} lessons"
    together = f"{done}, {points}"
    fits = len(f"{bar(share)}  {together}") <= columns()
    return "\n".join([*lines, "", *([f"{bar(share)}  {together}"] if fits else [together])])


def _points(number: float) -> str:
    return f"{number:g} point{'s' * (number != 1)}"


def next_step(workbook: Workbook, now: Lesson | None, submission: Submission) -> str:
    """What to do now, in one or two lines."""
    if now is None:
        return "Every check passes here. Hand in with: grader submit"
    handed_in = submission.lessons.get(now.id)
    if not workbook.files(now):
        return way_back(now, handed_in)
    path = show_path(workbook.file(now, handed_in))
    todo = paragraph(f"Next: open {path}, read, fill in, save, and run")
    return f"{todo}\n    grader check {now.id}"


def way_back(lesson: Lesson, handed_in: HandedIn | None) -> str:
    """How to get back the file of a lesson that is not there."""
    if isinstance(handed_in, Misnamed):
        return f"{paragraph(handed_in.hint)}.\n{_get_back(lesson, renamed=True)}"
    return _get_back(lesson, renamed=False)


def _get_back(lesson: Lesson, *, renamed: bool) -> str:
    said = "Rename it, or get" if renamed else "Get"
    return _with_command(f"{said} the lesson's file back with:", f"grader reset {lesson.id}")


def next_after(
    workbook: Workbook,
    checked: Checked,
    submission: Submission,
    *,
    again: str = ", save, and check again",
    stuck: str | None = None,
) -> str:
    """What to do after a check, in words.

    Args:
        workbook: of the student.
        checked: the result of the check.
        submission: the lessons as they were checked.
        again: what to do once the file is corrected.
        stuck: how to get a hint; by the command if left out.

    Returns:
        Nothing if an earlier lesson comes first: :func:`report` says it.
    """
    from grader.diagnosis.hints import choose_check, function_of, hint_for
    from grader.results import LessonStatus, Status

    if checked.unfinished:
        return ""
    lesson = checked.lesson
    has_hint = hint_for(lesson, checked.result, checked.mistakes) is not None
    stuck = (stuck or f"Stuck? grader hint {lesson.id}") if has_hint else ""
    if checked.result.status is LessonStatus.MISSING:
        return _get_back(lesson, renamed=bool(checked.result.message))
    path = show_path(workbook.file(lesson, submission.lessons.get(lesson.id)))
    if checked.result.status is not LessonStatus.GRADED:
        return paragraph(f"Mend {path}{again}.")
    first = choose_check(checked.result)
    if first is None and checked.refused:
        return paragraph(f"Mend {path}{again}.")
    if first is None:
        following = first_unfinished(workbook.course, workbook.progress(), after=lesson)
        if following is None:
            return "That was the last one. Hand in with: grader submit"
        where_to = show_path(workbook.file(following))
        praise = f"Write more in {path}, or go on." if any(checked.short_answers) else "Well done."
        todo = paragraph(f"{praise} Next lesson: open {where_to}, then run")
        return f"{todo}\n    grader check {following.id}"
    if first.status is Status.NOT_ATTEMPTED:
        function = function_of(lesson, first)
        beginning = f"`{function}`: " if function else ""
        said = first.message or ""
        empty = next((text for _, text in first.rows if " is still empty" in text), "")
        if function and ":" not in empty:  # its title has said as much
            empty = ""
        end = "." if empty and not empty.endswith("?") else ""
        task = paragraph(f"Next: {beginning}{first.title} {empty}{end}")
        if said.startswith("`raise"):  # it is written, and cut off by what was handed out
            return f"{paragraph(said)}.\n{_with_command(f'Mend {path}{again}.', stuck)}"
        return f"{task}\n{_with_command(f'Write it in {path}{again}.', stuck)}"
    return _with_command(f"Mend {path}{again}.", stuck)


def _with_command(text: str, command: str) -> str:
    """A sentence and a command behind it, or below it: a command is never broken."""
    whole = f"{text} {command}".rstrip()
    return whole if len(whole) <= width_of_text() else f"{paragraph(text)}\n{command}".rstrip()


def hint_text(workbook: Workbook, checked: Checked, again_with: str = "") -> str:
    """The next step of the hint for the first failure, in words; it counts as given.

    Args:
        workbook: of the student.
        checked: the result of the last check.
        again_with: how to get the next step; by the command if left out.
    """
    from grader.diagnosis.hints import choose_check
    from grader.learner.hint_steps import give_next_step
    from grader.results import LessonStatus

    lesson = checked.lesson
    if checked.unfinished:
        return begin_earlier(checked)
    if checked.result.status is LessonStatus.MISSING:
        said = f"{lesson.id} is not there. Get it back with:"
        return _with_command(said, f"grader reset {lesson.id}")
    if checked.result.status is not LessonStatus.GRADED:
        said = paragraph(checked.result.message or "", "  ")
        return f"Python cannot read the lesson yet:\n{said}"
    first = choose_check(checked.result)
    if first is None:
        return f"Every check of {lesson.id} passes: there is nothing to hint at."
    step = give_next_step(workbook, checked)
    if step is None:
        path = show_path(workbook.file(lesson))
        return paragraph(f"No hint for “{first.title}” Read once more what {path} says about it.")
    text = f"{step.about}, hint {step.number} of {step.steps}\n\n"
    text += paragraph(step.text, "  ")
    if step.seen_before:
        again = f"grader hint {lesson.id} --again"
        return f"{text}\n\n{_with_command('That is all there is. From the start:', again)}"
    if step.has_next:
        return f"{text}\n\n{again_with or f'Still stuck? grader hint {lesson.id}'}"
    return text


def report(course: Course, checked: Checked, *, more: str | None = None) -> str:
    """The result of a check, what the program printed, and the drawing; or where to begin.

    Args:
        course: the course of the lesson.
        checked: the result.
        more: how to get the next step of a hint; by the command if left out.
    """
    from grader.drawing.drawings import Drawing
    from grader.drawing.friend_page import has_page
    from grader.reports import lesson_text
    from grader.text import clean

    if checked.unfinished:  # what fails here may come from there
        return begin_earlier(checked)
    result = checked.as_shown(course)
    said = lesson_text.render(
        result, hidden_points=checked.hidden_points, width=width_of_text(), more=more
    )
    parts = [said.rstrip(), *(paragraph(f"✗ {refusal}.") for refusal in checked.refused)]
    parts += [paragraph(remark) for remark in checked.remarks]
    if checked.printed.strip():
        printed = clean(checked.printed.rstrip()[-1500:], 2000, multiline=True)
        parts.append(
            "Your program printed:\n" + "\n".join(f"  {line}" for line in printed.split("\n"))
        )
    if isinstance(checked.drawing, Drawing):
        parts.append(picture(checked.drawing))
        if has_page(course, checked.lesson):
            command = f"grader show {checked.lesson.id} --save me.html"
            parts.append(_with_command("As a page that you can send to a friend:", command))
    return "\n\n".join(parts)


def picture(drawing: Drawing, *, notes: bool = False) -> str:
    """A drawing in the terminal, and what to see in it.

    Args:
        drawing: what to show.
        notes: whether to tell where its numbers come from, too.
    """
    from grader.drawing.heatmap import in_terminal

    grid = "\n".join(in_terminal(drawing, colour=in_colour(), columns=columns()))
    said = [drawing.summary, *(drawing.notes if notes else ())]
    return "\n\n".join(
        [paragraph(drawing.heading), grid, *(paragraph(text) for text in said if text)]
    )


def begin_earlier(checked: Checked) -> str:
    """Say that an unfinished earlier lesson, which this one imports, comes first."""
    said = paragraph(checked.say_where_to_begin())
    return f"{said}\n    grader check {checked.unfinished[0]}"


def reset_lesson(workbook: Workbook, lesson: Lesson) -> str:
    """Reset a lesson, and say where its old files are."""
    backups = workbook.reset(lesson)
    said = [f"{show_path(lesson.stub)} is as it was at the start."]
    said += [f"Yours is kept: {show_path(path)}" for path in backups]
    return "\n".join(said)


def show_path(path: Path) -> str:
    """A path as the user would type it here."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
