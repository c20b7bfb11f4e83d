"""The folder ``visible_checks`` of an assignment, with all that a student's test cells need.

Students have nbgrader, numpy and pytest, and nothing of this project. So the folder has the visible
checks, the modules of the grader that run them, and the sealed known mistakes. Its checks must pass
on the solutions before it is written.
"""

from __future__ import annotations

import ast
import dataclasses
import io
import json
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from grader.checks.course_checks import open_checks
from grader.checks.docstring_examples import examples_in, refuse_false_examples
from grader.classroom.graded_cells import test_cells
from grader.classroom.visible_checks import CHECKS, LESSONS, MISTAKES, NotYet, VisibleChecks
from grader.course import Course, Lesson, read_text
from grader.diagnosis.mistake_sealer import seal_lesson
from grader.errors import CourseError
from grader.files import add_member, write_texts
from grader.fingerprints import find_sources, source_path
from grader.grading.check_subjects import CheckSubject
from grader.grading.grading_process import load_references
from grader.results import Status
from grader.results.feedback import Feedback
from grader.sandbox.data_folder import beside_data

#: The folder, and the module of that name.
VISIBLE_CHECKS: Final = "visible_checks"

_MODULE: Final = '''\
"""Runs the checks that you can see, on the functions of your notebook; needs numpy and pytest.

Change what you like in this folder: your work is graded elsewhere, with the original, and with more
checks.
"""

import sys
from pathlib import Path

_HERE = Path(__file__).parent
sys.path.insert(0, str(_HERE / "grader.zip"))  # the grader's modules that the checks use

from grader.classroom.visible_checks import VisibleChecks

run = VisibleChecks(_HERE).run
'''
#: The archive of the grader's modules.
_MODULES: Final = "grader.zip"
#: The packages in a student's environment, in addition to the course's.
_INSTALLED: Final = ("numpy", "pytest")


def make_visible_folder(
    course: Course, subjects: Mapping[str, Sequence[CheckSubject]]
) -> dict[str, bytes]:
    """The files of the folder, by their paths in it.

    Args:
        course: whole, with its solutions.
        subjects: the subjects of its checks, by lesson.

    Raises:
        CourseError: a visible check imports what students do not have, or does not pass with the
            solution where nothing else is.
    """
    # Students need not have the grader installed: what the checks use of it lies beside them.
    modules = find_sources(["grader.classroom.visible_checks", "grader.testing"])
    refuse_other_imports(course, modules)
    refuse_false_examples(course, load_references(course))
    files = {f"{CHECKS}/test_{lesson.id}.py": "" for lesson in course.lessons}
    files |= {
        f"{CHECKS}/{path.name}": read_text(path, course.shown(path)) for path in _files(course)
    }
    files[LESSONS] = json.dumps(_about(course, subjects), indent=1, ensure_ascii=False) + "\n"
    files["__init__.py"] = _MODULE
    _try(course, files)
    sealed = _sealed_mistakes(course) if course.feedback is Feedback.FULL else {}
    sources = {source_path(module): source for module, source in modules.items()}
    texts = {name: text.encode() for name, text in files.items()}
    return {**texts, **sealed, _MODULES: _pack(sources)}


def _pack(files: Mapping[str, bytes]) -> bytes:
    """Make an archive from which Python can import, because nbgrader lists each single file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in sorted(files.items()):
            add_member(archive, name, data)
    return packed.getvalue()


def refuse_other_imports(course: Course, modules: Mapping[str, bytes]) -> None:
    """Make sure that the visible checks import only what students have.

    Args:
        course: whose visible checks.
        modules: those of the grader that come with an assignment.

    Raises:
        CourseError: they import something else; a line for each file and import.
    """
    installed = {*sys.stdlib_module_names, *_INSTALLED, *course.packages}
    wrong: list[str] = []
    for path in _files(course):
        shown = course.shown(path)
        try:
            tree = ast.parse(read_text(path, shown))
        except SyntaxError as error:
            raise CourseError(f"{shown}:{error.lineno}: does not compile ({error.msg})") from None
        for line, module in _imports(tree):
            if module not in modules and module.partition(".")[0] not in installed:
                wrong.append(f"{shown}:{line} imports {module}")
    if wrong:
        packages = " and ".join(name for name in _INSTALLED if name not in course.packages)
        raise CourseError(
            f"{'; '.join(wrong)}: students have not got that. A visible check may import "
            f"grader.testing, {packages}, Python's own library and the packages that course.yaml "
            "names."
        )


def _imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and module of each import, wherever it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, f"{'.' * node.level}{node.module or ''}"


def _files(course: Course) -> Iterator[Path]:
    """The visible checks, and what they share."""
    shared = course.root / "tests" / "lessons" / "visible" / "conftest.py"
    paths = [lesson.visible_checks for lesson in course.lessons]
    yield from (path for path in (shared, *paths) if path.is_file())


def _about(course: Course, subjects: Mapping[str, Sequence[CheckSubject]]) -> dict[str, object]:
    """The facts about the lessons that the test cells need."""
    full = course.feedback is Feedback.FULL
    lessons = {
        lesson.id: {
            "subjects": {
                cell.subject: {"checks": cell.visible, "more": len(cell.visible) < len(cell.checks)}
                for cell in test_cells(subjects[lesson.id])
            },
            "examples": [dataclasses.asdict(example) for example in examples_in(course, lesson)],
            "hints": {name: list(steps) for name, steps in lesson.hints.items() if full},
        }
        for lesson in course.lessons
    }
    packages = list(dict.fromkeys(["numpy", *course.packages]))
    return {"feedback": str(course.feedback), "packages": packages, "lessons": lessons}


def _try(course: Course, files: Mapping[str, str]) -> None:
    """Run the folder's checks on the solutions, as a test cell does.

    Raises:
        CourseError: one of them does not pass.
    """
    references = load_references(course)
    with TemporaryDirectory(prefix="grader-visible-") as place:
        write_texts(Path(place), files)
        checks = VisibleChecks(Path(place))
        try:
            for lesson in course.lessons:
                with beside_data(references[lesson.id]):
                    _try_lesson(course, lesson, checks, vars(references[lesson.id]))
        finally:
            checks.close()


def _try_lesson(
    course: Course, lesson: Lesson, checks: VisibleChecks, names: Mapping[str, object]
) -> None:
    shown = course.shown(lesson.visible_checks)
    try:
        outcome = checks.check(lesson.id, names)
    except NotYet as error:
        raise CourseError(f"{shown}: {error}") from None
    for result in outcome.results:
        if result.status is not Status.PASSED:
            raise CourseError(
                f"{shown}: {result.check} does not pass with the solution, as students get it. A "
                "visible check has `student`, `rng`, and what tests/lessons/visible/conftest.py "
                f"defines.\n{result.message or ''}".rstrip()
            )


def _sealed_mistakes(course: Course) -> dict[str, bytes]:
    references = load_references(course)
    with open_checks(course, references) as checks:
        sealed = {
            lesson.id: seal_lesson(course, lesson, checks[lesson.id], references)
            for lesson in course.lessons
        }
    return {f"{MISTAKES}/{name}.sealed": file for name, file in sealed.items() if file}
