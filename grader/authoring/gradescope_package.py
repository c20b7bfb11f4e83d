"""Grading on Gradescope: the autograder package, and what runs in it.

Gradescope unpacks the package into ``/autograder/source``, runs ``setup.sh`` there once, and then
``run_autograder`` for each submission, which lies in ``/autograder/submission``. It reads
``/autograder/results/results.json``. See https://gradescope-autograders.readthedocs.io.

The package holds the grader itself and of the course what grading needs. The hidden checks and
the solutions are in it, beside the students' programs: the sandbox is what keeps them apart.
"""

from __future__ import annotations

import sys
import traceback
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from grader.authoring.requirements import course_distributions, grader_distributions, pin
from grader.course import Course
from grader.errors import GraderError
from grader.files import add_member, whole_file, write_whole
from grader.grading.graders import start_graders
from grader.reports import gradescope_json
from grader.results import Report
from grader.results.feedback import reduce_for_student
from grader.results.parts import Part, leave_out_parts_not_begun, only_part
from grader.sandbox.levels import Isolation
from grader.submissions.intake import take_in_one
from grader.submissions.lesson_files import Remarks

_WITHOUT: Final = ("__pycache__",)  # folders that grading does not read

#: The grader needs a newer Python than some of Gradescope's images have by default.
_SETUP: Final = """\
#!/usr/bin/env bash
# Runs once, when Gradescope builds the autograder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
new_enough='import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))'
find_python() {
    for python in python3.14 python3.13 python3.12 python3.11 python3; do
        if "$python" -c "$new_enough" 2>/dev/null; then echo "$python"; return; fi
    done
}
python="$(find_python)"
if [ -z "$python" ]; then
    apt-get update
    apt-get install -y python3.12 python3.12-venv || apt-get install -y python3.11 python3.11-venv
    python="$(find_python)"
fi
if [ -z "$python" ]; then
    echo "This image has no Python 3.11 or newer: choose a newer base image in Gradescope." >&2
    exit 1
fi
"$python" -m venv .venv
.venv/bin/python -m pip install --disable-pip-version-check -r requirements.txt
.venv/bin/python -m compileall -q grader  # each submission is graded sooner
"""

_RUN: Final = """\
#!/usr/bin/env bash
# Runs for each submission. AUTOGRADER_ROOT and AUTOGRADER_PYTHON are for trying it elsewhere.
root="${AUTOGRADER_ROOT:-/autograder}"
cd "$root/source" || exit 1
export PYTHONPATH="$root/source"
exec "${AUTOGRADER_PYTHON:-.venv/bin/python}" \
    -m grader.authoring.gradescope_package "$root" 'ISOLATION' 'PART'
"""


def build_package(
    course: Course, path: Path, isolation: Isolation | None, part: Part | None = None
) -> int:
    """Write the package; return how many files are in it.

    Args:
        course: whose checks are run.
        path: the .zip, replaced in one step.
        isolation: the level to hold; None for the strongest that the container allows, which
            is never `process`.
        part: of which alone points are given; None for all that is handed in.

    Raises:
        GraderError: it cannot be written, or the grader or a package is not installed.
    """
    needed = pin(grader_distributions() | course_distributions(course))
    requirements = "".join(f"{requirement}\n" for requirement in needed)
    run = _RUN.replace("ISOLATION", isolation or "").replace("PART", part.id if part else "")
    scripts = {"setup.sh": _SETUP, "run_autograder": run}
    with whole_file(path) as out, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in scripts.items():
            add_member(archive, name, text.encode(), mode=0o755)
        add_member(archive, "requirements.txt", requirements.encode())
        for name, file in (*_grader_files(), *_course_files(course)):
            add_member(archive, name, file.read_bytes())
        return len(archive.namelist())


def run(root: Path, isolation: Isolation | None, part_id: str | None = None) -> None:
    """Grade the submission below `root`, and write the results there, whatever happens.

    Args:
        root: ``/autograder``, on Gradescope.
        isolation: see :func:`build_package`.
        part_id: see :func:`build_package`.
    """
    most = 0.0
    try:
        course = Course.load(root / "source" / "course")
        part = course.part(part_id) if part_id else None
        counted = part.lessons if part else course.lesson_ids
        most = sum(lesson.points for lesson in course.lessons if lesson.id in counted)
        text = _graded(course, root / "submission", isolation, part)
    except GraderError as error:
        print(error, file=sys.stderr)  # noqa: T201  (Gradescope shows it to instructors alone)
        text = gradescope_json.render_failure(_NOT_YOURS, most)
    except Exception:  # noqa: BLE001  (a submission without results is shown as a broken autograder)
        traceback.print_exc()
        text = gradescope_json.render_failure(_NOT_YOURS, most)
    write_whole(root / "results" / "results.json", [text])


_NOT_YOURS: Final = (
    "This could not be graded, and that is not your fault. Your submission is kept; please tell "
    "your instructor, who can see the cause and grade it again."
)


def _graded(course: Course, submission: Path, wanted: Isolation | None, part: Part | None) -> str:
    ids = course.lesson_ids
    remarks, cap = Remarks(), course.limits.file_kib * 1024
    modules = course.module_paths
    handed_in = take_in_one(submission, ids, max_file_bytes=cap, modules=modules, remarks=remarks)
    for sentence in (*remarks.to_look_at, *remarks.notes):
        print(sentence, file=sys.stderr)  # noqa: T201
    with start_graders(course, jobs=1, wanted=wanted) as graders:
        print(graders.choice, file=sys.stderr)  # noqa: T201
        (result,) = graders.grade([handed_in])
    level = graders.choice.isolation
    report = Report(course.id, "", level.value, (result,))
    report = only_part(report, part) if part else leave_out_parts_not_begun(report, course.parts)
    (result,) = report.students
    note = f"Your program ran in a sandbox of its own, isolation level `{level}`."
    if level is Isolation.PROCESS:
        note = "Your program ran in a process of its own, without a sandbox (level `process`)."
    for _, lesson, check in report.undecided:
        print(f"Undecided: {lesson}: {check.check}: {check.message}", file=sys.stderr)  # noqa: T201
    note = gradescope_json.note_on(result, note)
    return gradescope_json.render(reduce_for_student(result, course.feedback), note)


# What is in the package.


def _grader_files() -> Iterator[tuple[str, Path]]:
    package = Path(__file__).parents[1]
    for file in _files(package):
        yield f"grader/{file.relative_to(package).as_posix()}", file


def _course_files(course: Course) -> Iterator[tuple[str, Path]]:
    yield "course/course.yaml", course.root / "course.yaml"
    for lesson in course.lessons:
        yield f"course/{course.shown(lesson.solution)}", lesson.solution
    beside = {
        path
        for lesson in course.lessons
        for path in (*lesson.data_files.values(), *lesson.modules.values())
    }
    for path in sorted(beside):
        yield f"course/{course.shown(path)}", path
    for file in _files(course.root / "tests" / "lessons"):
        yield f"course/{course.shown(file)}", file


def _files(folder: Path) -> Iterator[Path]:
    """The regular files below, by name; never through a link."""
    for path in sorted(folder.iterdir()):
        if path.is_symlink() or path.name.startswith(".") or path.name in _WITHOUT:
            continue
        if path.is_dir():
            yield from _files(path)
        elif path.suffix not in (".pyc", ".so"):
            yield path


if __name__ == "__main__":
    level, part_id = [*sys.argv[2:], "", ""][:2]
    run(Path(sys.argv[1]), Isolation(level) if level else None, part_id or None)
