"""Arguments of several commands: a lesson, a number of processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from grader.cli import load_course
from grader.grading.cpu_cores import usable_cores

if TYPE_CHECKING:
    from grader.course import Course, Lesson
    from grader.results.parts import Part

_Command = TypeVar("_Command", bound=Callable[..., Any])

jobs_option = click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=usable_cores,
    show_default="all cores that it may use",
    help="How many processes grade at once, at most.",
)


class LessonName(click.types.StringParamType):
    """A lesson's id, its file, or its number; completed by the shell."""

    name = "lesson"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The lesson's id. Any other name is wrong usage."""
        from grader.errors import CourseError
        from grader.learner.workbook import Workbook

        assert ctx is not None
        workbook = Workbook(load_course(ctx))
        try:
            return workbook.lesson_named(value).id
        except CourseError as error:
            self.fail(str(error), param, ctx)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[click.shell_completion.CompletionItem]:
        """The ids that begin with the typed text; none without a course."""
        return _complete(ctx, incomplete, lambda course: course.lessons)


class PartName(click.ParamType["Part"]):
    """A part of the course, by its id or its number; completed by the shell."""

    name = "part"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Part:
        """The part. Any other name is wrong usage."""
        from grader.errors import CourseError

        assert ctx is not None
        course = load_course(ctx)
        try:
            return course.part(str(value))
        except CourseError as error:
            self.fail(str(error), param, ctx)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[click.shell_completion.CompletionItem]:
        """The ids that begin with the typed text; none without a course."""
        return _complete(ctx, incomplete, lambda course: course.parts)


def _complete(
    ctx: click.Context, incomplete: str, choices: Callable[[Course], Iterable[Lesson | Part]]
) -> list[click.shell_completion.CompletionItem]:
    from grader.errors import GraderError

    try:
        named = choices(load_course(ctx))
    except GraderError:
        return []
    return [
        click.shell_completion.CompletionItem(choice.id, help=choice.title)
        for choice in named
        if choice.id.startswith(incomplete)
    ]


def part_option(text: str) -> Callable[[_Command], _Command]:
    """The option ``--part``.

    Args:
        text: its help.
    """
    return click.option("--part", type=PartName(), metavar="PART", help=text)
