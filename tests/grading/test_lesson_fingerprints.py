"""What has a result graded again; how `grader grade` goes by it is in test_resuming.py."""

from __future__ import annotations

from importlib import metadata

import pytest
from tiny_course import CourseWriter

from grader import __version__
from grader.course import Course
from grader.fingerprints import find_sources
from grader.grading import lesson_fingerprints
from grader.grading.lesson_fingerprints import LessonFingerprints
from grader.submissions.submission import Source, Submission

SOURCE = Source("double.py", ("def double(x): return 2 * x",), notebook=False)


@pytest.fixture
def course(tiny_course: CourseWriter) -> Course:
    return Course.load(tiny_course(packages=["scipy"]))


def digest(course: Course) -> bytes:
    return (
        LessonFingerprints(course).compute(Submission("ada", {"double": SOURCE}))["double"].digest
    )


@pytest.mark.parametrize("name", ["numpy", "pytest", "scipy"])
def test_another_version_of_a_package_that_decides_counts(
    course: Course, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    before = digest(course)
    assert digest(course) == before
    versions = {name: "0"}
    version = metadata.version
    monkeypatch.setattr(metadata, "version", lambda it: versions.get(it) or version(it))
    assert digest(course) != before


def test_the_version_of_the_grader_counts_as_a_part_of_its_source() -> None:
    sources = find_sources(lesson_fingerprints.grading_modules())
    assert f'"{__version__}"'.encode() in sources["grader"]


def test_a_changed_solution_counts_only_for_students_who_import_the_lesson(
    tiny_course: CourseWriter,
) -> None:
    folder = tiny_course(lessons=["double", "triple"])
    plain = Source("triple.py", ("def triple(x): return 3 * x",), notebook=False)
    importing = Source("triple.py", ("from double import double as triple",), notebook=False)
    class_ = [Submission("ada", {"triple": it}) for it in (importing, plain)]

    def digests() -> list[bytes]:
        known = LessonFingerprints(Course.load(folder))
        return [known.compute(submission)["triple"].digest for submission in class_]

    before = digests()
    with (folder / "solutions" / "double.py").open("a", encoding="utf-8") as file:
        file.write("# edited\n")
    after = digests()
    assert [old == new for old, new in zip(before, after, strict=True)] == [False, True]


def test_a_new_unusual_version_grades_its_lesson_again_because_its_numbers_may_be_served(
    course: Course,
) -> None:
    before = digest(course)
    folder = course.lessons[0].accepted
    folder.mkdir(parents=True)
    (folder / "sum.py").write_text("def double(x): return x + x\n")
    assert digest(course) != before
