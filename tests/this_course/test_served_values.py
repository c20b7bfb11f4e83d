"""What follow-through serves costs no right answer a mark, and earns no wrong one any."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import cycle, islice

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
from grader.results import LessonResult, LessonStatus, Status
from grader.sandbox.levels import Isolation
from grader.submissions.imports import closure, imports_of
from grader.submissions.submission import Source, Submission

# In the process of the homework, which has learned most of what is known of the mistakes.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("homework")]

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


def hand_in(*versions: VersionFile) -> Submission:
    """The last version's lesson and all that it imports; what has no version here is right."""
    texts = dict(SOLUTIONS)
    for version in versions:
        texts[version.lesson] = replace_functions(SOLUTIONS[version.lesson], version.text)
    sources = {it: Source(f"{it}.py", (text,), False) for it, text in texts.items()}
    last = versions[-1].lesson
    needed = {last, *imports_of(sources, COURSE.lesson_ids)[last]}
    return Submission(name_of(*versions), {it: sources[it] for it in sources if it in needed})


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
    """The last lesson of each, by name; all are graded in one batch."""
    combined = [
        versions
        for pair in PAIRS
        for combine in (right_beside_wrong, wrong_beside_wrong)
        for versions in combine(*pair)
    ]
    alone = {name_of(wrong): hand_in(wrong) for _, wrong in combined}
    class_ = alone | {name_of(*versions): hand_in(*versions) for versions in combined}
    students = grading_process.grade_batch(COURSE, Isolation.FULL, list(class_.values()))
    return {
        it.student: next(lesson for lesson in reversed(it.lessons) if not is_missing(lesson))
        for it in students
    }


def is_missing(lesson: LessonResult) -> bool:
    return lesson.status is LessonStatus.MISSING


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
