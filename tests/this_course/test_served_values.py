"""What follow-through serves costs no right answer a mark, and earns no wrong one any."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import cycle, islice
from types import MappingProxyType

import pytest
from places import REPOSITORY

from grader.course import Course, Lesson
from grader.diagnosis.version_files import (
    VersionFile,
    read_accepted_versions,
    read_wrong_versions,
    replace_functions,
)
from grader.grading import grading_process
from grader.results import LessonResult, Status
from grader.sandbox.levels import Isolation
from grader.submissions.imports import closure, imports_of
from grader.submissions.submission import EarlierResult, Source, Submission
from grader.verify.answers import keep_results

pytestmark = pytest.mark.slow

COURSE = Course.load(REPOSITORY)
SOLUTIONS = {it.id: it.solution.read_text("utf-8") for it in COURSE.lessons}


def required_pairs() -> Iterator[tuple[Lesson, Lesson]]:
    """Each lesson with each earlier one that it requires."""
    requires = {it.id: it.requires for it in COURSE.lessons}
    for lesson in COURSE.lessons:
        for earlier in COURSE.lessons:
            if earlier.id in closure([lesson.id], requires):
                yield lesson, earlier


PAIRS = list(required_pairs())


def wrong_versions(lesson: Lesson) -> list[VersionFile]:
    return [it for it in read_wrong_versions(COURSE, lesson) if not it.is_other_coding]


def hand_in(
    *versions: VersionFile,
    others: Iterable[str] = (),
    earlier: Mapping[str, EarlierResult] = MappingProxyType({}),
) -> Submission:
    """Versions of lessons and solutions of others, with the solutions of all that they import.

    The earlier results are kept, but not that of the last version. Marks alone are looked at, so
    no mistake is named.
    """
    texts = dict(SOLUTIONS)
    for version in versions:
        texts[version.lesson] = replace_functions(SOLUTIONS[version.lesson], version.text)
    sources = {name: Source(f"{name}.py", (text,), False) for name, text in texts.items()}
    imported, wanted = imports_of(sources, COURSE.lesson_ids), {*others}
    kept = dict(earlier)
    if versions:
        wanted.add(versions[-1].lesson)
        kept.pop(versions[-1].lesson, None)
    needed = wanted.union(*(imported[name] for name in wanted))
    lessons = {name: sources[name] for name in COURSE.lesson_ids if name in needed}
    return Submission(name_of(*versions), lessons, kept, naming=False)


def grade(handed_in: Iterable[Submission]) -> dict[str, dict[str, EarlierResult]]:
    """What each student's lessons get, by the student's name."""
    submissions = list(handed_in)
    students = grading_process.grade_some(COURSE, Isolation.FULL, submissions)
    return {
        student.student: keep_results(COURSE, submission, student)
        for submission, student in zip(submissions, students, strict=True)
    }


def name_of(*versions: VersionFile) -> str:
    return " ".join(f"{it.lesson}/{it.path.name}" for it in versions)


def right_beside_wrong(lesson: Lesson, earlier: Lesson) -> list[tuple[VersionFile, VersionFile]]:
    """Each mistake of an earlier lesson beside an accepted version; each of both is there."""
    accepted, mistakes = read_accepted_versions(COURSE, lesson), wrong_versions(earlier)
    count = max(len(accepted), len(mistakes))
    return list(islice(zip(cycle(mistakes), cycle(accepted)), count))


def wrong_beside_wrong(lesson: Lesson, earlier: Lesson) -> list[tuple[VersionFile, VersionFile]]:
    """Each mistake of a lesson beside one of an earlier lesson."""
    return list(zip(cycle(wrong_versions(earlier)), wrong_versions(lesson)))


@pytest.fixture(scope="module")
def results() -> Mapping[str, LessonResult]:
    """What the last lesson of each pair of versions gets, and each wrong version alone, by name.

    A lesson is graded once for all students who hand in the same one, and import the same ones.
    """
    (right,) = grade([hand_in(others=SOLUTIONS)]).values()
    wrong = [version for lesson in COURSE.lessons for version in wrong_versions(lesson)]
    between = {  # an earlier lesson and those that require it
        earlier.id: {
            name for lesson, other in PAIRS if other is earlier for name in lesson.requires
        }
        for earlier in COURSE.lessons
    }
    alone = grade(hand_in(one, others=between[one.lesson], earlier=right) for one in wrong)
    pairs = [
        versions
        for pair in PAIRS
        for combine in (right_beside_wrong, wrong_beside_wrong)
        for versions in combine(*pair)
    ]
    together = grade(hand_in(*both, earlier=alone[name_of(both[0])]) for both in pairs)
    grading_process.close()
    return {name_of(one): alone[name_of(one)][one.lesson].result for one in wrong} | {
        name_of(*both): together[name_of(*both)][both[-1].lesson].result for both in pairs
    }


def passed(result: LessonResult) -> set[str]:
    return {it.check for it in result.checks if it.status is Status.PASSED}


def followed(result: LessonResult) -> set[str]:
    return {it.check for it in result.checks if it.follow_through}


each_pair = pytest.mark.parametrize(("lesson", "earlier"), PAIRS, ids=lambda it: str(it.id))


@each_pair
def test_a_right_lesson_keeps_its_marks_whatever_is_wrong_with_an_earlier_one(
    results: Mapping[str, LessonResult], lesson: Lesson, earlier: Lesson
) -> None:
    for versions in right_beside_wrong(lesson, earlier):
        result = results[name_of(*versions)]
        assert result.score == result.max_score, name_of(*versions)


@each_pair
def test_a_wrong_lesson_is_given_no_mark_that_it_does_not_earn_with_a_right_earlier_one(
    results: Mapping[str, LessonResult], lesson: Lesson, earlier: Lesson
) -> None:
    for versions in wrong_beside_wrong(lesson, earlier):
        alone = results[name_of(versions[1])]
        assert followed(results[name_of(*versions)]) <= passed(alone), name_of(*versions)


def test_marks_are_given_by_follow_through(results: Mapping[str, LessonResult]) -> None:
    assert len([it for it in results.values() if followed(it)]) > 30
