"""The figures of a class: difficulty, discrimination, misconceptions, who did not hand in."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_up_results import (
    failed,
    lesson,
    missing,
    passed,
    pending,
    report,
    student,
    unreadable,
    with_mistake,
)

from grader.results import CheckResult, Status
from grader.results.class_figures import Analysis, analyse
from grader.results.message import read

RIGHT = [(1, 1, 1), (1, 1, 1), (1, 1, 0), (1, 0, 0), (1, 1, 1), (0, 0, 0)]  # a student a row
NAMES = ("easy", "fair", "hard")


def graded(count: int = len(RIGHT)) -> Analysis:
    return analyse(
        report(
            *(
                student(f"s{number}", lesson(*(
                    (passed if right else failed)(name)
                    for right, name in zip(row, NAMES, strict=True)
                )))
                for number, row in enumerate(RIGHT[-count:])
            )
        )
    )  # fmt: skip


def test_difficulty_is_the_part_of_the_points_that_was_earned() -> None:
    assert [check.difficulty for check in graded().checks] == pytest.approx([5 / 6, 4 / 6, 3 / 6])


@pytest.mark.slow
def test_discrimination_is_the_point_biserial_correlation_with_all_other_checks() -> None:
    from scipy import stats  # noqa: PLC0415  (takes a second)

    for number, check in enumerate(graded().checks):
        item = [row[number] for row in RIGHT]
        rest = [sum(row) - row[number] for row in RIGHT]
        expected = stats.pointbiserialr(item, rest).statistic
        assert check.discrimination == pytest.approx(expected)


def test_a_check_that_all_pass_has_no_discrimination() -> None:
    checks = analyse(report(*(student(f"s{n}", lesson(passed("sum"))) for n in range(9)))).checks
    assert [(check.difficulty, check.discrimination) for check in checks] == [(1.0, None)]


def test_of_four_students_no_correlation_is_reported() -> None:
    assert all(check.discrimination is not None for check in graded(5).checks)
    assert {check.discrimination for check in graded(4).checks} == {None}


def test_what_most_fail_without_a_known_mistake_comes_first() -> None:
    assert [check.check for check in graded().hardest] == ["test_hard", "test_fair", "test_easy"]


def test_what_was_not_tried_says_nothing_about_how_hard_it_is() -> None:
    statuses = (Status.NOT_ATTEMPTED, Status.PENDING, Status.GRADER_ERROR)
    others = [failed("sum", status) for status in statuses]
    class_ = report(
        student("ada"), *(student(f"s{n}", lesson(check)) for n, check in enumerate(others))
    )
    (figures, *_) = analyse(class_).checks
    assert (figures.tried, figures.difficulty) == (1, 1.0)


def test_a_skipped_check_counts_as_failed_but_not_as_unexplained() -> None:
    (figures,) = analyse(report(student("ada", lesson(failed("sum", Status.SKIPPED))))).checks
    assert (figures.difficulty, figures.unexplained) == (0.0, 0)


def test_a_misconception_is_counted_once_for_a_student_and_most_held_first() -> None:
    holders = [
        student(name, lesson(with_mistake("sum"), with_mistake("shape")))
        for name in ("ben", "cleo")
    ]
    rare = student("ada", lesson(replace(with_mistake("sum"), misconception="rare")))
    held, other = analyse(report(rare, *holders, student("zoe", missing()))).misconceptions
    assert (held.id, held.students, held.handed_in) == ("wrong-axis", ("ben", "cleo"), 3)
    assert (other.id, other.students) == ("rare", ("ada",))
    assert held.effect == "a sum down the columns"
    assert held.titles == ("The sum is right.", "The shape is right.")


def test_who_did_not_hand_in_and_what_waits_is_known() -> None:
    class_ = report(
        student("ada", lesson(pending())), student("ben", missing()),
        student("cleo", unreadable("not a file")),
    )  # fmt: skip
    analysis = analyse(class_)
    assert analysis.absent == ("ben",)
    assert analysis.to_mark == (("ada", "share", "why"),)
    assert analysis.lessons[0].unreadable == (("cleo", "not a file"),)


def test_what_a_person_marked_low_is_no_unexplained_failure() -> None:
    marked = CheckResult("why", "Say why.", Status.FAILED, 1.0, 2.0, read("1 of 2"), answer="So.")
    (figures,) = analyse(report(student("ada", lesson(marked)))).checks
    assert (figures.difficulty, figures.unexplained) == (0.5, 0)


def test_full_marks_are_in_the_last_tenth_and_none_in_the_first() -> None:
    assert graded().bins == (1, 0, 0, 1, 0, 0, 1, 0, 0, 3)
    (share,) = graded().lessons
    assert (share.full_marks, share.no_points) == (3, 1)


def test_a_rounding_error_moves_no_score_into_the_tenth_below() -> None:
    nearly = replace(lesson(passed("sum")), score=0.7999999999999999)
    assert analyse(report(student("ada", nearly))).bins.index(1) == 8


def test_the_mean_of_a_lesson_is_of_those_who_could_be_graded() -> None:
    others = [student("ben", missing()), student("cleo", unreadable("not a file"))]
    (share,) = analyse(report(student("ada", lesson(passed("sum"))), *others)).lessons
    assert (share.graded, share.mean) == (1, 1.0)


def test_an_empty_class_has_figures_too() -> None:
    analysis = analyse(report())
    assert (analysis.mean, analysis.median, analysis.checks) == (0.0, 0.0, ())
