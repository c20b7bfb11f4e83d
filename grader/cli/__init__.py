"""The command line: the group ``main``, the list of commands, and the course that they use.

A command's module is imported only when the command is called: ``grader --help`` has to be quick,
and must work without numpy and pytest.
"""

from __future__ import annotations

import importlib
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from grader import __version__
from grader.errors import CourseError, GraderError
from grader.signals import INTERRUPTED, TERMINATED, Terminated, raise_on_signals

if TYPE_CHECKING:
    from grader.course import Course


_WIDEST_HELP = 80  # characters, as click has it


class LazyCommand(NamedTuple):
    """The place of a command, and its line in ``grader --help``, which imports nothing."""

    target: str  # "module:attribute"
    summary: str


_STUDENTS: Mapping[str, LazyCommand] = {
    "check": LazyCommand("grader.cli.check:check", "Check a lesson, and say what to do next."),
    "watch": LazyCommand("grader.cli.watch:watch", "Check a lesson whenever you save it."),
    "hint": LazyCommand("grader.cli.check:hint", "Give a hint, one step more each time."),
    "show": LazyCommand("grader.cli.show:show", "Draw what your own functions make of a sentence."),
    "reset": LazyCommand("grader.cli.check:reset", "Restore a lesson as it was at the start."),
    "notebook": LazyCommand(
        "grader.cli.notebook:notebook", "Turn a lesson into a notebook, or all of them."
    ),
    "submit": LazyCommand(
        "grader.cli.submit:submit", "Make the zip that you hand in, and list what is unfinished."
    ),
}
_INSTRUCTORS: Mapping[str, LazyCommand] = {
    "grade": LazyCommand("grader.cli.instructor:grade", "Grade a class."),
    "report": LazyCommand("grader.cli.reporting:report", "Show what grading found."),
    "mark": LazyCommand(
        "grader.cli.mark:mark", "Mark a written answer, or a check that is undecided."
    ),
    "diff": LazyCommand("grader.cli.diff:diff", "Show whose marks changed."),
    "collect": LazyCommand("grader.cli.collect:collect", "Sort a bulk download into submissions."),
    "export": LazyCommand("grader.cli.export:export", "Write results for another system."),
    "doctor": LazyCommand("grader.cli.doctor:doctor", "Show what this machine can do, and why."),
    "release": LazyCommand("grader.cli.author:release", "Write the students' copy of the course."),
    "classroom": LazyCommand(
        "grader.cli.classroom:classroom", "Run the course as an nbgrader classroom."
    ),
    "gradescope": LazyCommand(
        "grader.cli.export:gradescope", "Make an autograder package for Gradescope."
    ),
}
_AUTHORS: Mapping[str, LazyCommand] = {
    "build": LazyCommand("grader.cli.author:build", "Make the exercises from the solutions."),
    "verify": LazyCommand("grader.cli.author:verify", "Prove that the checks can be trusted."),
    "import": LazyCommand(
        "grader.cli.import_course:import_course", "Make a course of what you have already."
    ),
}

_EVERY: Mapping[str, LazyCommand] = {**_STUDENTS, **_INSTRUCTORS, **_AUTHORS}


def _has_modules(commands: Mapping[str, LazyCommand]) -> bool:
    """Whether these commands are installed: the grader of a students' copy has theirs alone."""
    modules = (command.target.partition(":")[0].rpartition(".")[2] for command in commands.values())
    return all(Path(__file__).with_name(f"{module}.py").is_file() for module in modules)


#: The sections of ``grader --help``.
SECTIONS: Mapping[str, Mapping[str, LazyCommand]] = {
    heading: commands
    for heading, commands in {
        "For students": _STUDENTS,
        "For instructors": _INSTRUCTORS,
        "For authors of courses": _AUTHORS,
    }.items()
    if _has_modules(commands)
}
COMMANDS: Mapping[str, LazyCommand] = {
    name: command for commands in SECTIONS.values() for name, command in commands.items()
}


class LazyGroup(click.Group):
    """A group that imports a command's module on its first use, and shows errors as sentences."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """The context of a command line; its help is as wide as the terminal, also a narrow one."""
        width = min(shutil.get_terminal_size().columns, _WIDEST_HELP) - 2
        return super().make_context(info_name, args, parent, terminal_width=width, **extra)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of :data:`COMMANDS`."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command with this name, whose module is imported now; None if there is none."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].target.partition(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command), f"{module}:{attribute} is not a command"
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is called. An unknown name is answered with those that are similar."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            from grader.text.wording import did_you_mean

            name = _harmless(args[0])
            if name in _EVERY:
                ctx.fail(f"`grader {name}` is for instructors, and not in a student's copy")
            ctx.fail(f"grader has no command `{name}`{did_you_mean(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the listing from the summaries; click itself would import every command."""
        column = max(map(len, COMMANDS))  # the same for all sections, so that the summaries line up
        for heading, commands in SECTIONS.items():
            with formatter.section(heading):
                formatter.write_dl(
                    [(f"{name:{column}}", command.summary) for name, command in commands.items()]
                )

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. A GraderError becomes one message and exit code 1, Ctrl-C 130."""
        try:
            with raise_on_signals():
                return super().invoke(ctx)
        except GraderError as error:
            raise click.ClickException(_fold(_harmless(str(error)))) from error
        except click.UsageError as error:
            raise click.UsageError(_fold(_in_plain_words(error)), ctx=error.ctx) from error
        except KeyboardInterrupt as stop:  # also one that comes while its handler is set
            click.echo("Interrupted. Run the same command again.", err=True)
            ctx.exit(TERMINATED if isinstance(stop, Terminated) else INTERRUPTED)


course_option = click.option(
    "--course",
    "course_folder",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The course's folder. Left out: the nearest folder upwards with a course.yaml.",
)


def load_course(ctx: click.Context) -> Course:
    """The course of this command line; read on the first call, then kept.

    Raises:
        CourseError: there is no course, or it is inconsistent.
    """
    from grader.course import Course, find_course

    root = ctx.find_root()
    if __name__ not in root.meta:
        folder: Path | None = root.params.get("course_folder")
        root.meta[__name__] = Course.load(folder or find_course(Path.cwd()))
    course: Course = root.meta[__name__]
    return course


def load_whole_course(ctx: click.Context) -> Course:
    """The course of this command line, with its solutions and hidden checks.

    Raises:
        CourseError: there is no course, it is inconsistent, or it is a students' copy.
    """
    course = load_course(ctx)
    course.must_be_whole()
    return course


@click.group(
    "grader",
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@course_option
@click.version_option(__version__, prog_name="grader")
@click.pass_context
def main(ctx: click.Context, course_folder: Path | None) -> None:
    """Check and grade Python lessons with ordinary pytest checks.

    Without a command, in the folder of a course, it shows where you are and what to do next.

    Example: grader check
    """
    if ctx.invoked_subcommand is None:
        from grader.course import find_course

        try:
            find_course(course_folder or Path.cwd())
        except CourseError as error:
            raise click.UsageError(f"{error}\nAll commands: grader --help") from error
        importlib.import_module("grader.cli.check").show_progress(ctx)


def _in_plain_words(error: click.UsageError) -> str:
    """What is wrong with an argument, without click's notation where our own sentence follows."""
    own = isinstance(error, click.BadParameter) and isinstance(error.param, click.Argument)
    return error.message if own and error.message else error.format_message()


def _fold(message: str) -> str:
    """An error's message; on a terminal, broken between words."""
    from grader.cli import screen

    if not screen.errors_are_for_people():
        return message
    return screen.fold(f"Error: {message}").removeprefix("Error: ")


def _harmless(text: str) -> str:
    """`text` without characters that a terminal obeys: a file name may come from a student."""
    return "".join(
        char if char.isprintable() or char == "\n" else ascii(char)[1:-1] for char in text
    )
