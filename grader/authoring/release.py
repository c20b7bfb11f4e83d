"""The release: the course without its answers, and the grader with which students check it.

No file that may hold an answer is copied. The stubs are made from the solutions, course.yaml from
its values, and only the visible checks are taken. Then the copy is tested: the solutions must
pass all of its checks, and these may use nothing outside the copy.
"""

from __future__ import annotations

import shutil
import sys
import textwrap
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest
import yaml

from grader.authoring.requirements import course_distributions, grader_distributions, pin
from grader.authoring.wheel import write_wheel
from grader.checks.collection import Check
from grader.checks.course_checks import LessonChecks, open_checks
from grader.checks.docstring_examples import refuse_false_examples
from grader.checks.reference import ReferenceCallee
from grader.checks.rehearsal import line_of, reference_programs
from grader.checks.student import Call
from grader.course import Course, Lesson, read_text, sandbox_data
from grader.course.originals import ARCHIVE, ORIGINALS
from grader.course.quiz_keys import QuizKey, write_keys
from grader.course.quizzes import find_quizzes
from grader.course.stubs import import_rules, module_stubs, stub_of, with_rules
from grader.course.yaml_file import COURSE_FILE, plain_values
from grader.diagnosis.mistake_sealer import seal_lesson
from grader.drawing.friend_page import has_page
from grader.errors import CourseError, GraderError
from grader.files import add_member, write_files, write_texts
from grader.grading.grading_process import load_references, open_sandbox
from grader.results.feedback import Feedback
from grader.results.parts import Part
from grader.sandbox import wire
from grader.sandbox.faults import MissingFunction
from grader.sandbox.session import Session
from grader.text import clean

_README: Final = """\
# {title}

You need Python 3.11 or newer. Your work is graded with Python {python}. Once, in this folder:

    python3 -m venv .venv                # Windows: py -m venv .venv
    source .venv/bin/activate            # Windows: .venv\\Scripts\\activate
    python -m pip install -r requirements.txt

Then begin:

    grader                               # where you are, and what comes next
    grader watch                         # leave it open: it checks whenever you save

{earlier}\
Open `exercises/{first}.py` in your editor, read, replace `raise NotImplementedError`, and save.

| command | what it does |
|---|---|
| `grader check [LESSON]` | checks a lesson; shows one failure in full |
| `grader hint [LESSON]` | a question, then the place to look, then almost the code |
{show}| `grader notebook [LESSON]` | makes a notebook of it (`pip install jupytext jupyterlab`) |
| `grader reset LESSON` | puts a lesson back as it was; yours is kept |
| `grader submit` | makes the zip that you hand in |

{rules}

New terminal? Run the `activate` line again. Your work is graded with more checks than these, which
you do not have: write what the text asks for, not what a check happens to try.
"""
_EARLIER: Final = """\
Have you solved earlier parts in another folder? Copy your files into `exercises/` first: later
lessons use your functions.

"""
_SHOW: Final = (
    '| `grader show LESSON --sentence "…"` | draws what your own functions make of a sentence |\n'
)
_PAGE: Final = "| `grader show {} --save me.html` | makes a page of it, to send to a friend |\n"
_REQUIREMENTS: Final = (
    "# python -m pip install -r requirements.txt, in this folder\n./{wheel}\n{more}"
)
_CONFTEST: Final = '''\
"""What `pytest` says in this folder; `grader check` does not read it."""

import pytest


def pytest_configure(config):
    raise pytest.UsageError(
        "these checks need your functions, which pytest alone cannot give them. Run: grader check"
    )
'''
_HEAD: Final = "# The course as students have it; made by `grader release`.\n"


@dataclass(frozen=True, slots=True)
class Released:
    """The content of a release."""

    files: tuple[str, ...]  # paths from its folder
    lessons: int  # number of lessons
    visible: int  # number of checks that students have
    points: float  # of these checks
    of_points: float  # of the whole course
    guessable: tuple[str, ...]  # lessons whose quizzes tell how many letters are right


def release(course: Course, out: Path, part: Part | None = None) -> Released:
    """Write the students' copy of a course into a new folder.

    Args:
        course: whole, with its solutions.
        out: a new or empty folder.
        part: the last one that students get, with the earlier ones, whose functions it may use.

    Raises:
        GraderError: the folder is not empty or cannot be written, or a package of the course is
            not installed.
        CourseError: the course cannot be graded, a lesson has no visible check, a stub cannot be
            made, or a visible check needs something that students do not get. The folder is
            left empty.
    """
    if out.resolve() == course.root or course.root in out.resolve().parents:
        inside = out.resolve().relative_to(course.root)
        if inside.parts[:1] in ((), ("exercises",), ("solutions",), ("tests",)):
            raise GraderError(f"{out} is a folder of the course itself; name another one")
    with _writing_to(out):
        if out.exists() and any(out.iterdir()):
            raise GraderError(f"{out} is not empty; name a new folder, or empty it first")
    if part is not None:
        course = course.through(part)
    sys.dont_write_bytecode = True  # no bytecode in the course's folder, nor in the copy
    needed = pin(course_distributions(course) - grader_distributions())
    _check_course(course)
    with _whole_folder(out) as draft:
        files = _texts(course, part)
        wheel = write_wheel(draft).name
        more = "".join(f"{package}\n" for package in needed)
        files["requirements.txt"] = _REQUIREMENTS.format(wheel=wheel, more=more)
        write_texts(draft, files)
        data = {
            f"{folder}/{name}": content
            for name, content in sandbox_data(course).items()
            for folder in ("exercises", ORIGINALS)
        }
        write_files(draft, data)
        tried = _try(course, Course.load(draft))
        write_files(draft, tried.sealed)
        packed = _pack_originals(draft, [*files, *data])
    names = tuple(sorted({*files, *data, *tried.sealed, wheel, ARCHIVE} - {*packed}))
    of_points = sum(lesson.points for lesson in course.lessons)
    guessable = tuple(
        lesson.id for lesson in course.lessons if course.shown(lesson.quiz_keys) in files
    )
    return Released(
        names,
        lessons=len(course.lessons),
        visible=len(tried.points),
        points=sum(tried.points),
        of_points=of_points,
        guessable=guessable,
    )


def _check_course(course: Course) -> None:
    """Raise CourseError if the course cannot be graded, or a lesson has no visible check."""
    checked = [lesson for lesson in course.lessons if lesson.check_files]  # not: words alone
    without = [lesson for lesson in checked if not lesson.visible_checks.is_file()]
    if without:
        raise CourseError(
            "\n".join(
                f"lesson `{lesson.id}` has no visible check for students to run; write one in "
                f"{course.shown(lesson.visible_checks)}"
                for lesson in without
            )
        )
    references = load_references(course)
    refuse_false_examples(course, references)
    with open_checks(course, references):
        pass


@contextmanager
def _whole_folder(out: Path) -> Iterator[Path]:
    """A folder to write to, which becomes `out` at the end of the block, unless it raises."""
    with _writing_to(out):
        there = out.exists()
        beside = out if there else out.absolute().parent
        beside.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=beside, prefix=".releasing.") as place:
            draft = Path(place) / "draft"
            draft.mkdir()
            yield draft
            if there:  # empty, but perhaps mounted, or the current folder of a shell
                for path in sorted(draft.iterdir()):
                    path.rename(out / path.name)
            else:
                draft.rename(out)


@contextmanager
def _writing_to(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise GraderError(f"cannot write to {out}: {error.strerror or error}") from error


def _texts(course: Course, part: Part | None) -> dict[str, str]:
    """The files of the copy, by their paths; for a part, its first lesson is where to begin."""
    first = (part.lessons if part else course.lesson_ids)[0]
    show = _SHOW if any(lesson.drawing.is_file() for lesson in course.lessons) else ""
    with_page = [lesson.id for lesson in course.lessons if has_page(course, lesson)]
    show += _PAGE.format(with_page[0]) if with_page else ""
    files = {
        COURSE_FILE: _HEAD + _course_file(course),
        "README.md": _README.format(
            title=course.title,
            first=first,
            earlier=_EARLIER if first != course.lesson_ids[0] else "",
            show=show,
            python=_grading_python(course),
            rules=textwrap.fill(import_rules(course), 100),
        ),
        "conftest.py": _CONFTEST,
    }
    for lesson in course.lessons:
        stub = with_rules(stub_of(course, lesson), course)
        files[f"exercises/{lesson.id}.py"] = files[f"{ORIGINALS}/{lesson.id}.py"] = stub
        for name, module in module_stubs(course, lesson).items():
            files[f"exercises/{name}"] = files[f"{ORIGINALS}/{name}"] = module
        for path in (lesson.visible_checks, lesson.drawing):
            if path.is_file():
                files[course.shown(path)] = read_text(path, course.shown(path))
        if keys := _quiz_keys(course, lesson):
            files[course.shown(lesson.quiz_keys)] = write_keys(keys)
    shared = course.root / "tests" / "lessons" / "visible" / "conftest.py"
    if shared.is_file():
        files[course.shown(shared)] = read_text(shared, course.shown(shared))
    return files


def _pack_originals(draft: Path, names: Sequence[str]) -> list[str]:
    """Put the originals among these files of the draft into their archive; return their names."""
    originals = [name for name in sorted(names) if name.startswith(f"{ORIGINALS}/")]
    with zipfile.ZipFile(draft / ARCHIVE, "w") as archive:
        for name in originals:
            add_member(archive, name, (draft / name).read_bytes())
    shutil.rmtree(draft / ORIGINALS)
    return originals


def _quiz_keys(course: Course, lesson: Lesson) -> list[QuizKey]:
    """The keys of a lesson's quizzes; none if students are not to hear about their letters."""
    if not lesson.quiz_feedback or course.feedback is not Feedback.FULL:
        return []
    where = course.shown(lesson.solution)
    quizzes = find_quizzes(read_text(lesson.solution, where), where=where)
    return [QuizKey.make(quiz, f"{course.id}/{lesson.id}/{quiz.table}") for quiz in quizzes]


def _course_file(course: Course) -> str:
    """course.yaml for students: marked as released, without comments and others' extensions."""
    said: Any = plain_values(read_text(course.root / COURSE_FILE, COURSE_FILE))
    said |= {"released": True, "python": _grading_python(course)}
    for key, kept in (
        ("lessons", course.lesson_ids),
        ("parts", [part.id for part in course.parts]),
    ):
        if key in said:
            said[key] = [entry for entry in said[key] if entry["id"] in kept]
    if said.get("late"):
        said["late"].pop("extensions", None)
    text = yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=100)
    return str(text)


def _grading_python(course: Course) -> str:
    return ".".join(map(str, course.python_version))


@dataclass(frozen=True, slots=True)
class _Tried:
    """The result of testing the copy."""

    points: list[float]  # of each check
    sealed: dict[str, bytes]  # the files of known mistakes, by their paths


def _try(course: Course, copy: Course) -> _Tried:
    """Run the copy's checks on the solutions, and on the known-wrong versions.

    Raises:
        CourseError: a check does not pass with a solution, or a known-wrong version is broken.
    """
    solutions = load_references(course)
    wrong: list[str] = []
    points: list[float] = []
    sealed: dict[str, bytes] = {}

    with open_checks(copy, load_references(copy)) as checks:
        for lesson in copy.lessons:
            callee = ReferenceCallee(solutions[lesson.id])
            ended: dict[Check, BaseException | None] = {}
            unknown: list[Check] = []
            for check, error in checks[lesson.id].run_each(callee):
                ended[check] = error
                # An exception of the solution's own class is none in this process.
                is_own = type(error).__module__ in solutions
                is_unsent = isinstance(error, wire.Unsendable)
                if is_own or is_unsent or checks[lesson.id].student.calls_back:
                    unknown.append(check)
            if unknown:
                ended |= _run_apart(course, checks[lesson.id], unknown)
            for check, error in ended.items():
                points.append(check.points)
                if error is not None:
                    where = f"{copy.shown(check.item.path)}:{line_of(check, error)}"
                    call = checks[lesson.id].student.last_call
                    wrong.append(f"{where}: {check.name}: {_why(check, error, call)}")
            if not wrong and course.feedback is Feedback.FULL:
                whole = course.lesson(lesson.id)
                if sealed_file := seal_lesson(course, whole, checks[lesson.id], solutions):
                    sealed[copy.shown(lesson.sealed_mistakes)] = sealed_file
    if wrong:
        listed = "\n".join(wrong)
        raise CourseError(
            f"these visible checks do not pass with the solution, as students get them:\n{listed}"
        )
    return _Tried(points, sealed)


def _run_apart(
    course: Course, checks: LessonChecks, chosen: Sequence[Check]
) -> dict[Check, BaseException | None]:
    """Run checks on the solution in the sandbox: they hold objects, or hand functions over."""
    lesson = checks.lesson.id
    programs = reference_programs(course, course.lesson(lesson))
    with (
        open_sandbox(course) as sandbox,
        sandbox.one_lesson(),
        Session(sandbox, lesson, programs) as session,
    ):
        session.load()

        def begin(check: Check) -> bool:
            session.begin(check.name, None)
            return False

        return {
            check: checks.student.fault or error
            for check, error in checks.run_each(session, chosen, skip=begin)
        }


def _why(check: Check, error: BaseException, call: Call | None) -> str:
    """Why a visible check does not pass; also what to do, if the reason does not say it."""
    if "reference" in check.item.fixturenames:
        return (
            "a visible check cannot ask for `reference`, which students do not have. Move it to "
            "hidden/, or write down what is expected"
        )
    if isinstance(error, pytest.FixtureLookupError):
        return (
            f"there is no fixture `{error.argname}`. A visible check has `student`, `rng`, and "
            "what tests/lessons/visible/conftest.py defines"
        )
    reason = clean(str(error).partition("\n")[0])
    if isinstance(error, MissingFunction) and call is not None:
        return f"`{call.function}`: {reason}"
    return f"{type(error).__name__}: {reason}" if reason else type(error).__name__
