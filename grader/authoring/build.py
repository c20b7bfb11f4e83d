"""The build: makes the exercises from the solutions, and keeps them in step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.checks.docstring_examples import find_false_examples
from grader.course import Course, sandbox_data
from grader.course.data_files import has_content
from grader.course.stubs import differs, module_stubs, stub_of
from grader.errors import CourseError, GraderError
from grader.files import whole_file
from grader.grading.grading_process import load_references


@dataclass(frozen=True, slots=True)
class BuildResult:
    """The changes of one build to exercises/. Paths are absolute, stubs in course order."""

    written: tuple[Path, ...]  # new or changed, of stubs and of data files
    unchanged: tuple[Path, ...]  # stubs alone
    strays: tuple[Path, ...]  # files in exercises/ that belong to no lesson; left alone


def build(course: Course) -> BuildResult:
    """Bring exercises/ in step with solutions/: write what differs, and remove nothing.

    These are the stubs, and copies of the data files.

    Raises:
        CourseError: a stub cannot be made (then nothing is written), or a file cannot be written.
    """
    stubs = _make_stubs(course)
    stale = [path for path, stub in stubs.items() if differs(path, stub)]
    for path in stale:
        _write(path, stubs[path].encode(), course.shown(path))
    stale_data = _stale_data(course)
    for path, content in stale_data.items():
        _write(path, content, course.shown(path))
    return BuildResult(
        written=(*stale, *stale_data),
        unchanged=tuple(path for path in stubs if path not in stale),
        strays=stray_exercises(course),
    )


def out_of_step(course: Course) -> list[Path]:
    """The files that are missing or differ from what :func:`build` would write.

    Raises:
        CourseError: a stub cannot be made.
    """
    stubs = _make_stubs(course)
    stale = [path for path, stub in stubs.items() if differs(path, stub)]
    return [*stale, *_stale_data(course)]


def false_examples(course: Course) -> Iterator[str]:
    """A sentence for each docstring whose examples the solution does not fulfil."""
    try:
        references = load_references(course)
    except CourseError as error:
        yield f"the examples in docstrings were not tried: {error}"
        return
    for lesson in course.lessons:
        yield from find_false_examples(course, lesson, references[lesson.id])


def stray_exercises(course: Course) -> tuple[Path, ...]:
    """The visible files in exercises/ that belong to no lesson, by name."""
    folder = course.root / "exercises"
    expected = {lesson.stub for lesson in course.lessons}
    # Of a file in a folder below, the folder.
    beside = (name for lesson in course.lessons for name in (*lesson.data, *lesson.files))
    expected |= {folder / Path(name).parts[0] for name in beside}
    if not folder.is_dir():
        return ()
    return tuple(
        path
        for path in sorted(folder.iterdir())
        if path not in expected and not path.name.startswith((".", "__pycache__"))
    )


def _make_stubs(course: Course) -> dict[Path, str]:
    """All stubs of a course, and of lessons' further modules, by their paths.

    Raises:
        CourseError: some cannot be made; a line for each.
    """
    stubs: dict[Path, str] = {}
    problems: list[str] = []
    for lesson in course.lessons:
        try:
            stubs[lesson.stub] = stub_of(course, lesson)
            modules = module_stubs(course, lesson)
            stubs |= {lesson.stub.parent / name: stub for name, stub in modules.items()}
        except CourseError as error:
            problems.append(str(error))
    if problems:
        raise CourseError("\n".join(problems))
    return stubs


def _stale_data(course: Course) -> dict[Path, bytes]:
    """The data files of exercises/ that are missing or old, with the right content."""
    wanted = {
        course.root / "exercises" / name: content for name, content in sandbox_data(course).items()
    }
    return {path: content for path, content in wanted.items() if not has_content(path, content)}


def _write(path: Path, content: bytes, shown: str) -> None:
    """Replace the file as a whole; errors call it `shown`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as file:
            file.write(content)
    except (OSError, GraderError) as error:
        cause = error if isinstance(error, OSError) else error.__cause__
        reason = cause.strerror if isinstance(cause, OSError) else cause
        raise CourseError(f"{shown}: cannot be written ({reason})") from None
