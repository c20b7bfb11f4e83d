"""When the grader itself fails: undecided with one student alone, our error with everybody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from tiny_course import CourseWriter

from grader.course import Course
from grader.errors import IsolationRefused, SandboxError
from grader.grading import grading_process
from grader.results import LessonResult, Status
from grader.sandbox.client import Sandbox
from grader.sandbox.levels import Isolation
from grader.sandbox.session import Session
from grader.submissions.submission import Source, Submission

STUDENTS = ("ada", "ben", "cleo", "dev", "eve")
UNLUCKY = "# the one with whom it fails"


@pytest.fixture
def course(tiny_course: CourseWriter) -> Iterator[Course]:
    lessons = [{"id": "double", "points": 4}, {"id": "triple", "points": 4}]
    yield Course.load(tiny_course(lessons=lessons))
    grading_process.forget()


def grade(
    course: Course, isolation: Isolation, unlucky: str, students: Sequence[str] = STUDENTS
) -> dict[tuple[str, str], LessonResult]:
    def source(student: str, lesson: str) -> Source:
        # His numbers are floats: what is known of the others' passes does not spare him a call.
        answer = f"2.0 * x {UNLUCKY}" if (student, lesson) == ("ben", unlucky) else "2 * x"
        return Source(f"{lesson}.py", (f"def {lesson}(x): return {answer}",), notebook=False)

    lessons = ("double", "triple")
    class_ = [Submission(name, {it: source(name, it) for it in lessons}) for name in students]
    results = grading_process.grade_batch(course, isolation, class_)
    assert [result.student for result in results] == list(students)
    return {(one.student, lesson.lesson): lesson for one in results for lesson in one.lessons}


def statuses(lesson: LessonResult) -> set[Status]:
    return {check.status for check in lesson.checks}


@pytest.mark.parametrize("moment", ["load", "call", "close"])
@pytest.mark.parametrize("lesson", ["double", "triple"])
def test_a_slip_in_the_grader_costs_only_the_lesson_that_it_happened_with(
    course: Course, monkeypatch: pytest.MonkeyPatch, moment: str, lesson: str
) -> None:
    right = getattr(Session, moment)

    def slip(session: Session, *args: object) -> object:
        if session.programs and any(UNLUCKY in it for it in session.programs[session.lesson][1]):
            if moment == "close":
                right(session)
            raise LookupError("no such thing \x1b[31m")
        return right(session, *args)

    monkeypatch.setattr(Session, moment, slip)
    found = grade(course, Isolation.FULL, lesson)
    ours = found.pop(("ben", lesson))
    assert all(statuses(it) == {Status.PASSED} for it in found.values())
    assert statuses(ours) == {Status.UNDECIDED}
    assert (ours.score, ours.max_score) == (0, 4), "a person decides"
    said = str(ours.checks[0].message)
    assert "the grader itself broke (LookupError: no such thing" in said
    assert said == ours.checks[0].undecided
    assert "\x1b" not in said


@pytest.mark.parametrize("students", [STUDENTS, STUDENTS[:1]], ids=["a class", "one student"])
def test_a_slip_with_everybody_costs_nobody_a_point(
    course: Course, monkeypatch: pytest.MonkeyPatch, students: tuple[str, ...]
) -> None:
    def slip(session: Session, *args: object) -> object:
        raise LookupError("no such thing")

    monkeypatch.setattr(Session, "call", slip)
    found = grade(course, Isolation.FULL, "", students)
    assert len(found) == 2 * len(students)
    assert all(statuses(it) == {Status.GRADER_ERROR} and it.score == 4 for it in found.values())


def test_a_slip_with_the_only_student_of_a_class_is_undecided(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = Session.call

    def slip(session: Session, *args: object) -> object:
        if UNLUCKY in session.programs["double"][1][0]:
            raise LookupError("no such thing")
        return right(session, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(Session, "call", slip)
    found = grade(course, Isolation.FULL, "double", ("ben",))
    assert statuses(found["ben", "double"]) == {Status.UNDECIDED}


SHARED = '''\
import pytest


@pytest.fixture(scope="session")
def four(student):
    return student.double(2)


def test_four(four):
    """double(2) is 4."""
    assert four == 4


def test_eight(student):
    """double(4) is 8."""
    assert student.double(4) == 8


def test_even(four):
    """double(2) is even."""
    assert four % 2 == 0
'''


def test_what_was_set_up_for_a_lesson_that_a_slip_ended_is_not_there_for_the_next_student(
    tiny_course: CourseWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = Session.call

    def slip(session: Session, function: str, *args: object) -> object:
        if args == (4,) and UNLUCKY in session.programs["double"][1][0]:
            raise LookupError("no such thing")
        return right(session, function, *args)

    monkeypatch.setattr(Session, "call", slip)
    lessons = [{"id": "double", "points": 3}]
    folder = tiny_course(lessons=lessons, hidden={"double": SHARED}, visible={"double": None})
    programs = {
        "ben": f"def double(x): return 2.5 * x {UNLUCKY}",
        "eve": "double = lambda x: 2 * x",
    }
    class_ = [
        Submission(name, {"double": Source("double.py", (text,), notebook=False)})
        for name, text in programs.items()
    ]
    ben, eve = grading_process.grade_batch(Course.load(folder), Isolation.FULL, class_)
    assert statuses(ben.lessons[0]) == {Status.UNDECIDED}
    assert statuses(eve.lessons[0]) == {Status.PASSED}


def test_a_slip_over_a_lesson_of_written_answers_alone_costs_no_points_either(
    tiny_course: CourseWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = {
        "id": "words",
        "points": 4,
        "answers_in": "ANSWERS",
        "written": [{"id": "why", "title": "Why?", "points": 4}],
    }
    folder = tiny_course(
        lessons=[words],
        solutions={"words": 'ANSWERS = {"why": "So."}\n'},
        hidden={"words": "import numpy\n"},  # and no check
        visible={"words": None},
    )

    def slip(session: Session) -> None:
        raise LookupError("no such thing")

    monkeypatch.setattr(Session, "load", slip)
    submission = Submission("ada", {"words": Source("words.py", ("ANSWERS = {}",), notebook=False)})
    (result,) = grading_process.grade_batch(Course.load(folder), Isolation.FULL, [submission])
    (lesson,) = result.lessons
    assert statuses(lesson) == {Status.GRADER_ERROR}
    assert lesson.score == lesson.max_score == 4


@pytest.mark.slow
@pytest.mark.parametrize("isolation", list(Isolation))
def test_a_lesson_with_which_the_sandbox_is_lost_again_and_again_is_undecided_alone(
    course: Course, monkeypatch: pytest.MonkeyPatch, isolation: Isolation
) -> None:
    load = Session.load
    tries = 0

    def lose(session: Session) -> None:
        nonlocal tries
        if any(UNLUCKY in it for it in session.programs[session.lesson][1]):
            tries += 1
            session.sandbox.close()
            raise SandboxError("the sandbox ended")
        load(session)

    monkeypatch.setattr(Session, "load", lose)
    found = grade(course, isolation, "double")
    lost = found.pop(("ben", "double"))
    assert all(statuses(it) == {Status.PASSED} for it in found.values())
    assert (statuses(lost), lost.score) == ({Status.UNDECIDED}, 0)
    assert tries == 2, "it is tried again"


@pytest.mark.parametrize(("error", "starts"), [(SandboxError, 2), (IsolationRefused, 1)])
def test_a_sandbox_that_ends_while_it_starts_is_started_once_more_but_not_one_that_is_refused(
    course: Course, monkeypatch: pytest.MonkeyPatch, error: type[SandboxError], starts: int
) -> None:
    started: list[Sandbox] = []

    def fail(sandbox: Sandbox) -> None:
        started.append(sandbox)
        raise error("it ended")

    monkeypatch.setattr(Sandbox, "start", fail)
    with pytest.raises(error):
        grading_process.sandbox_for(course, Isolation.FULL)
    assert len(started) == starts
