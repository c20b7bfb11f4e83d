"""The class page as text; test_pages_in_a_browser.py looks at it in a browser."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from made_up_results import (
    BEN,
    TITLES,
    failed,
    lesson,
    missing,
    passed,
    report,
    student,
    unreadable,
    with_mistake,
)
from page_elements import Elements, class_page, text_of

from grader.reports.pages.class_page import remark
from grader.results import Status, StudentResult
from grader.results.class_figures import CheckFigures


def a_class(count: int = 30) -> list[StudentResult]:
    kinds = [BEN.lessons, student("x").lessons, (missing(),), (unreadable("what?"),)]
    return [student(f"s{number:02}", *kinds[number % 4]) for number in range(count)]


def test_the_class_page_names_who_has_marks_by_follow_through_and_in_which_checks() -> None:
    followed = replace(passed("sum"), follow_through=True)
    class_ = report(student("gil", lesson(followed, name="half")), student("hal", lesson()))
    text = " ".join(text_of(class_page(class_, TITLES, {})).split())
    assert "Marks by follow-through" in text
    assert re.search(r"gil\W+half: test_sum", text)


def test_the_class_page_says_what_to_teach_again_first() -> None:
    text = text_of(class_page(report(*a_class()), TITLES, {"s00": "feedback/s00.html"}))
    advice = (
        "Start with “Shares”: 8 of 16 who handed it in share one mistake: a sum down the columns."
    )
    assert advice in text
    assert text.index(advice) < text.index("How hard and how telling")
    for words in ("Which way do you add up?", "Nothing handed in at all 7", "what?", "(1986)"):
        assert words in text


@pytest.mark.parametrize(
    ("results", "advice"),
    [
        ([student("ada", lesson(with_mistake("sum")))], "No two students share a known mistake."),
        (
            [student(name, lesson(failed("sum"))) for name in ("ada", "ben")],
            "Most students, 2 of 2 in “Shares”, fail “The sum is right” without a known mistake",
        ),
        ([student("ada")], "Nothing needs to be taught again"),
        ([], "Nobody was graded yet."),
    ],
)
def test_the_advice_is_that_of_the_class(results: list[StudentResult], advice: str) -> None:
    assert advice in text_of(class_page(report(*results), TITLES, {}))


def test_six_shared_mistakes_have_cards_and_the_others_a_line() -> None:
    shared = [replace(with_mistake(f"thing{n}"), misconception=f"m{n}") for n in range(7)]
    alone = lesson(replace(with_mistake("sum"), misconception="lonely"))
    class_ = report(
        student("ada", lesson(*shared)), student("ben", lesson(*shared)), student("cleo", alone)
    )
    page = class_page(class_, TITLES, {})
    assert page.count("Ask the class:") == 6
    assert "2 more mistakes" in text_of(page)
    assert "Ask the class:" not in class_page(report(student("cleo", alone)), TITLES, {})


@pytest.mark.parametrize(
    ("tried", "p", "r", "said"),
    [
        (9, 0.8, -0.1, "those who do well otherwise fail it: look at this check"),
        (9, 0.4, 0.5, "hard"),
        (9, 0.8, 0.1, "tells little"),
        (9, 0.8, 0.5, ""),
        (9, 0.96, 0.1, ""),  # nearly all pass, so r says little
        (9, 1.0, None, ""),
        (4, 0.4, None, ""),
    ],
)
def test_a_remark_says_which_check_to_look_at(
    tried: int, p: float, r: float | None, said: str
) -> None:
    assert remark(CheckFigures("share", "test_sum", "The sum.", tried, {}, p, r, 0)) == said


def test_what_failed_on_our_side_stands_above_all() -> None:
    broken = failed("sum", Status.GRADER_ERROR)
    text = text_of(class_page(report(student("ada", lesson(broken))), TITLES, {}))
    assert text.index("What failed on our side") < text.index("Teach again")


def test_the_class_page_tells_whose_marks_changed_and_by_which_check() -> None:
    before = report(student("ada", lesson(failed("sum"), passed("size"))), student("zoe"))
    after = report(student("ada", lesson(passed("sum"), passed("size"))), student("ben"))
    text = text_of(class_page(after, TITLES, {}, before))
    for words in ("The marks of 3 students changed.", "ada12+1+1 The sum is right.", "zoe2gone"):
        assert words in text
    assert "No mark has changed." in text_of(class_page(after, TITLES, {}, after))
    assert "Since the run before" not in text_of(class_page(after, TITLES, {}))


@pytest.mark.parametrize("students", [(), (student("ada"),), (student("ben", missing()),)])
def test_a_class_without_failures_has_a_page_too(students: tuple[StudentResult, ...]) -> None:
    assert "Teach again tomorrow" in text_of(class_page(report(*students), TITLES, {}))


@pytest.mark.slow
def test_a_class_of_a_thousand_stays_below_two_megabytes() -> None:
    checks = [passed(f"thing{n}") if n % 3 else with_mistake(f"thing{n}") for n in range(10)]
    lessons = [lesson(*checks, name=f"lesson_{n}") for n in range(6)]
    students = [student(f"a-student-of-number-{n}", *lessons) for n in range(1_000)]
    links = {result.student: f"feedback/{result.student}.html" for result in students}
    assert len(class_page(report(*students), TITLES, links).encode()) < 2_000_000


def test_a_row_has_a_stroke_for_each_run_of_checks_and_the_legend_what_there_is() -> None:
    checks = [passed("a"), failed("b"), passed("c"), passed("d"), failed("e", Status.SKIPPED)]
    page = class_page(
        report(student("ada", lesson(*checks)), student("ben", missing())), TITLES, {}
    )
    elements = Elements(page).found
    strokes = [
        (attributes["class"], attributes["d"])
        for tag, attributes in elements
        if tag == "path" and attributes["d"] != "M0 .5h1"
    ]
    assert strokes == [("p", "M0 0h1M2 0h2"), ("f", "M1 0h1"), ("s", "M4 0h1"), ("m", "M0 0h5")]
    assert [attributes["data-kind"] for _, attributes in elements if "data-kind" in attributes] == [
        "p",
        "f",
        "s",
        "m",
    ]


def test_whom_to_ask_is_reported_once() -> None:
    untouched = [
        lesson(failed("sum", Status.NOT_ATTEMPTED), name=name) for name in ("share", "more")
    ]
    class_ = report(
        student("ada", missing(), missing("more")), student("ben", *untouched),
        student("cleo", lesson(passed("sum")), missing("more")),
    )  # fmt: skip
    text = text_of(class_page(class_, TITLES, {})).partition("Whom to ask ")[2]
    assert text.startswith(
        "Nothing handed in at all 1 ada Nothing started 1 ben more: missing 1 cleo p is"
    )
