"""What students get: the course without its answers, and the grader to check themselves with.

Nothing is copied that may hold an answer. The stubs are made anew from the solutions, course.yaml
is written from what was read of it, and of the checks only the visible ones are taken. Then the
copy is tried: the solutions must pass all of its checks, with nothing at hand but the copy.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from grader.authored import COURSE_FILE, plain_values
from grader.batch import load_references
from grader.collection import with_next
from grader.course import Course, read_text
from grader.errors import CourseError, GraderError
from grader.runner import Runner
from grader.stubs import make_stub
from grader.student import ReferenceCallee
from grader.wheel import write_wheel

_README: Final = """\
# {title}

You need Python 3.11 or newer. Once, in this folder:

    python3 -m venv .venv                # Windows: py -m venv .venv
    source .venv/bin/activate            # Windows: .venv\\Scripts\\activate
    python -m pip install -r requirements.txt

Then begin:

    grader                               # where you are, and what comes next
    grader watch                         # leave it open: it checks whenever you save

Open `exercises/{first}.py` in your editor, read, replace `raise NotImplementedError`, and save.

| command | what it does |
|---|---|
| `grader check [LESSON]` | checks a lesson; shows one failure in full |
| `grader hint [LESSON]` | a question, then the place to look, then almost the code |
| `grader show LESSON --sentence "…"` | draws what your own functions make of a sentence |
| `grader notebook [LESSON]` | makes a notebook of it (`pip install jupytext jupyterlab`) |
| `grader reset LESSON` | puts a lesson back as it was; yours is kept |
| `grader submit` | makes the zip that you hand in |

New terminal? Run the `activate` line again. Your work is graded with more checks than these, which
you do not have: write what the text asks for, not what a check happens to try.
"""
_REQUIREMENTS: Final = "# python -m pip install -r requirements.txt, in this folder\n./{wheel}\n"
_HEAD: Final = "# The course as students have it; made by `grader release`.\n"


@dataclass(frozen=True, slots=True)
class Released:
    """What a release consists of."""

    files: tuple[str, ...]  # from its folder
    visible: int  # checks that students have
    points: float  # that these are worth
    of_points: float


def release(course: Course, out: Path) -> Released:
    """Write the students' copy of a course into a new folder.

    Args:
        course: whole, with its solutions.
        out: not there yet, or empty.

    Raises:
        GraderError: there is something in the folder, or it cannot be written.
        CourseError: a stub cannot be made, or a visible check needs what students do not get.
    """
    course.must_be_whole()
    if out.resolve() == course.root or course.root in out.resolve().parents:
        inside = out.resolve().relative_to(course.root)
        if inside.parts[:1] in ((), ("exercises",), ("solutions",), ("tests",)):
            raise GraderError(f"{out} is a folder of the course itself; name another one")
    try:
        if out.exists() and any(out.iterdir()):
            raise GraderError(f"{out} is not empty; name a new folder, or empty it first")
        out.mkdir(parents=True, exist_ok=True)
        files = _texts(course)
        for name, text in files.items():
            path = out / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        wheel = write_wheel(out)
        requirements = _REQUIREMENTS.format(wheel=wheel.name)
        (out / "requirements.txt").write_text(requirements, encoding="utf-8")
    except OSError as error:
        raise GraderError(f"cannot write to {out}: {error.strerror or error}") from error
    copy = Course.load(out)
    visible, points = _try(course, copy)
    names = tuple(sorted([*files, wheel.name, "requirements.txt"]))
    return Released(names, visible, points, sum(lesson.points for lesson in course.lessons))


def _texts(course: Course) -> dict[str, str]:
    """The files of the copy, by their paths."""
    first = course.lessons[0].id
    files = {
        COURSE_FILE: _HEAD + _course_file(course),
        "README.md": _README.format(title=course.title, first=first),
    }
    for lesson in course.lessons:
        where = course.shown(lesson.solution)
        stub = make_stub(read_text(lesson.solution, where), where=where)
        files[f"exercises/{lesson.id}.py"] = files[f"originals/{lesson.id}.py"] = stub
        for path in (lesson.visible_checks, lesson.drawing):
            if path.is_file():
                files[course.shown(path)] = read_text(path, course.shown(path))
    shared = course.root / "tests" / "lessons" / "visible" / "conftest.py"
    if shared.is_file():
        files[course.shown(shared)] = read_text(shared, course.shown(shared))
    return files


def _course_file(course: Course) -> str:
    """course.yaml for students: what it says, without comments, and marked as released."""
    said: Any = plain_values(read_text(course.root / COURSE_FILE, COURSE_FILE))
    text = yaml.safe_dump(said | {"released": True}, sort_keys=False, allow_unicode=True, width=100)
    return str(text)


def _try(course: Course, copy: Course) -> tuple[int, float]:
    """Run the copy's checks on the solutions; return how many there are, and their points.

    Raises:
        CourseError: one does not pass.
    """
    solutions = load_references(course)
    originals = load_references(copy)
    wrong: list[str] = []
    counted: list[float] = []

    def work(runner: Runner) -> None:
        for lesson in copy.lessons:
            for check, following in with_next(runner.checks[lesson.id]):
                callee = ReferenceCallee(solutions[lesson.id])
                error = runner.run(check, following, callee, originals[lesson.id])
                counted.append(check.points)
                if error is not None:
                    where = f"{copy.shown(check.item.path)}: {check.name}"
                    wrong.append(f"{where} ({type(error).__name__})")

    Runner(copy, work).start()
    if wrong:
        listed = "\n".join(wrong)
        raise CourseError(
            "these visible checks do not pass with what students get, though the solution is "
            f"right:\n{listed}\nA visible check cannot ask for `reference`, nor for "
            "fixtures outside tests/lessons/visible/conftest.py. Move it to hidden/, or mend it."
        )
    return len(counted), sum(counted)
