"""The students' pages as text; test_pages_in_a_browser.py looks at them in a browser."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_results import (
    BEN,
    HOSTILE,
    TITLES,
    TWICE,
    WRONG_AXIS,
    failed,
    hostile_class,
    lesson,
    passed,
    report,
    student,
    unreadable,
    with_mistake,
)  # fmt: skip
from page_elements import Elements, class_page, text_of

from grader.course import Course
from grader.grading.output_folder import FEEDBACK, write_pages
from grader.reports.filenames import filenames
from grader.reports.pages.class_page import CLASS_PAGE
from grader.reports.pages.heat import heat_maps
from grader.reports.pages.student_page import student_page
from grader.reports.pages.templating import Titles
from grader.results import CheckResult, Picture, Status, StudentResult
from grader.results.feedback import Feedback, reduce_for_student
from grader.results.message import LABELS, Row, read


def page_of(result: StudentResult, policy: Feedback = Feedback.FULL) -> str:
    return student_page(reduce_for_student(result, policy), TITLES, "2026-11-20T17:00:00Z")


# A student's page


def test_a_page_tells_the_marks_the_failure_the_picture_the_code_and_the_hint() -> None:
    text = text_of(page_of(BEN))
    for words in ("ben", "Shares: all of it", "1 of 5 points", "2 more wait to be marked",
                  "It looks like a sum down the columns", "share(x) x: (2, 2) float64",
                  "Which way do you add up?", "Each row should add up to 1. It is the columns",
                  "return x / x.sum(axis=0)", "share.py, line 7: here it stopped",
                  "Because it is so.", "The size is right."):  # fmt: skip
        assert words in text


def test_a_failure_is_reported_in_full_once_and_the_others_in_a_line() -> None:
    page = page_of(student("ben", lesson(failed("sum", text="one"), failed("size", text="two"))))
    assert "one" in text_of(page)
    assert "two" not in text_of(page)


def test_what_follows_from_the_same_mistake_is_reported_so() -> None:
    text = text_of(page_of(student("ben", lesson(with_mistake("sum"), with_mistake("size")))))
    assert "by the same mistake" in text


def test_a_check_that_passed_with_a_right_earlier_lesson_says_so() -> None:
    check = replace(passed("sum"), follow_through=True, rows=read("right with a right `half`"))
    assert "1 / 1 right with a right `half`" in text_of(page_of(student("ada", lesson(check))))


def test_a_matrix_in_a_message_stays_in_rows_and_a_sentence_flows() -> None:
    lines = ["with       x = [[1. 2.]", " " * 16 + "[3. 4.]]"]
    lines += ["why        a share is", " " * 11 + "a part"]
    check = replace(failed("sum"), rows=read("\n".join(lines)))
    page = page_of(student("ada", lesson(check)))
    assert "x = [[1. 2.]\n     [3. 4.]]</dd>" in page
    assert "<dd>a share is a part</dd>" in page


@pytest.mark.parametrize("name", [name for name in LABELS if name != "looks like"])
def test_every_label_of_a_message_is_a_term_on_the_page(name: str) -> None:
    check = replace(failed("sum"), rows=(Row(name, "what stands there"),))
    page = page_of(student("ada", lesson(check)))
    assert f"<dt>{name}</dt><dd" in page


def test_what_it_looks_like_stands_above_the_lines_and_not_among_them() -> None:
    page = page_of(student("ada", lesson(with_mistake("sum"))))
    assert "It looks like a sum down the columns." in text_of(page)
    assert "<dt>looks like</dt>" not in page


def test_brief_feedback_tells_which_checks_failed_and_nothing_of_why() -> None:
    text = text_of(page_of(BEN, Feedback.BRIEF))
    assert "The sum is right." in text
    assert "told above" not in text
    for withheld in (
        "columns",
        "Which way",
        "float64",
        "return x",
        "a share is a part",
        "too much",
    ):
        assert withheld not in text


def test_marks_alone_tell_the_points_and_what_is_pending() -> None:
    text = text_of(page_of(BEN, Feedback.MARKS))
    assert "1 of 5" in text
    assert "2 more points wait to be marked" in text
    assert "The sum is right." not in text
    assert "Because it is so." not in text


@pytest.mark.parametrize("policy", Feedback)
def test_what_handing_in_late_cost_is_reported(policy: Feedback) -> None:
    late = replace(lesson(passed("sum")), late=0.2, message="handed in 2 days late: 20% less")
    assert "late: 20% less" in text_of(page_of(student("ada", late), policy))


def test_a_file_that_cannot_be_read_shows_why_and_where() -> None:
    text = text_of(page_of(student("liam", unreadable("share.py does not compile"))))
    assert "It could not be graded." in text
    assert "share.py does not compile" in text
    assert "return x / x.sum(axis=0)" in text


def test_a_mark_by_hand_comes_with_its_comment() -> None:
    marked = CheckResult("why", "Say why.", Status.FAILED, 1.0, 2.0, read("And V?"), answer="So.")
    text = text_of(page_of(student("ada", lesson(marked))))
    assert "1 of 2 points: And V?" in text
    assert "told above" not in text


@pytest.mark.parametrize("status", Status)
def test_every_status_has_a_line(status: Status) -> None:
    text = text_of(page_of(student("ada", lesson(replace(failed("sum"), status=status)))))
    assert "The sum is right." in text


# Heat maps


def test_cells_that_differ_are_marked_and_both_sides_have_one_scale() -> None:
    drawn = heat_maps(TWICE)
    yours, wanted = drawn.maps
    assert [[cell.wrong for cell in row] for row in yours.rows] == [[True, True], [True, False]]
    assert yours.rows[0][1].shade == "n8"
    assert wanted.rows[0][1].shade == "n4"
    assert yours.rows[1][0].text == "NaN"
    assert drawn.caption.startswith("3 of 4 numbers differ")


def test_sums_stand_beside_the_rows_and_the_broken_ones_are_marked() -> None:
    (drawn,) = heat_maps(WRONG_AXIS).maps
    assert [(cell.text, cell.wrong) for cell in drawn.row_sums] == [("0.85", True), ("1.15", True)]
    assert [(cell.text, cell.wrong) for cell in drawn.column_sums] == [("1.00", False)] * 2


def test_where_the_columns_should_add_up_theirs_are_marked() -> None:
    drawn = heat_maps(Picture(((0.25, 0.75), (0.6, 0.4)), sums=(1.0, 1.0), axis=0))
    (heat,) = drawn.maps
    assert [(cell.text, cell.wrong) for cell in heat.column_sums] == [
        ("0.85", True), ("1.15", True),
    ]  # fmt: skip
    assert not any(cell.wrong for cell in heat.row_sums)
    assert drawn.caption == "Each column should add up to 1. It is the rows that do."


finite = st.floats(allow_nan=False, allow_infinity=False).map(lambda value: float(f"{value:.6g}"))
numbers = st.one_of(finite, st.sampled_from(["nan", "inf", "-inf"]))


@given(st.lists(st.lists(numbers, min_size=2, max_size=2), min_size=1, max_size=4), st.booleans())
def test_any_numbers_can_be_drawn(rows: list[list[Any]], compared: bool) -> None:
    matrix = tuple(map(tuple, rows))
    sums = None if compared else (1.0,) * len(rows)
    picture = Picture(matrix, matrix if compared else None, sums, None if compared else 1)
    for drawn in heat_maps(picture).maps:
        assert all(len(cell.text) <= 8 for row in drawn.rows for cell in row)
        assert not any(cell.wrong for row in drawn.rows for cell in row)


# What others wrote


def test_nothing_that_others_wrote_becomes_an_element_or_an_address() -> None:
    results = hostile_class()
    links = {name: f"feedback/{file}" for name, file in filenames(HOSTILE, ".html").items()}
    pages = [page_of(result) for result in results.students]
    pages.append(class_page(results, Titles(HOSTILE[0], {"share": HOSTILE[1]}), links))
    tags = {"a", "article", "b", "blockquote", "body", "button", "caption", "cite", "code", "dd",
            "details", "div", "dl", "dt", "figcaption", "figure", "footer", "h1", "h2", "h3",
            "head", "header", "html", "i", "li", "main", "meta", "p", "path", "pre", "rect",
            "script", "section", "small", "span", "strong", "style", "summary", "svg", "table",
            "tbody", "td", "text", "th", "thead", "title", "tr", "ul"}  # fmt: skip
    for page in pages:
        elements = Elements(page)
        assert {tag for tag, _ in elements.found} <= tags
        for _, attributes in elements.found:
            assert not [name for name in attributes if name.startswith("on") or name == "style"]
            assert attributes.get("href", "#").startswith(("#", "feedback/"))  # type: ignore[union-attr]
        scripts = [tag for tag, _ in elements.found if tag == "script"]
        assert len(scripts) == (page is pages[-1])


def test_invisible_characters_in_names_are_shown() -> None:
    assert r"\u202egnp.exe" in unescape(page_of(student("\u202egnp.exe")))


@pytest.mark.parametrize("page", [page_of(BEN), class_page(report(BEN), TITLES, {})])
def test_the_policy_allows_nothing_but_the_pages_own_style_and_script(page: str) -> None:
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy.startswith("default-src &#39;none&#39;; style-src &#39;sha256-")
    assert "unsafe" not in policy
    assert "http" not in policy
    assert ("script-src" in policy) == ("<script>" in page)


# Files


def test_an_ordinary_name_is_its_pages_name() -> None:
    names = ["ada", "Ada Lovelace", "zoë", "o'neil", "x_1-2.3", "漢字"]
    assert filenames(names, ".html") == {name: f"{name}.html" for name in names}
    composed, decomposed = "\u00e9ve", "e\u0301ve"
    assert filenames([decomposed, composed], ".html")[composed] == f"{composed}.html"


@pytest.mark.parametrize("rounds", [1, 2])
def test_a_student_who_is_called_like_the_file_of_another_gets_another_file(rounds: int) -> None:
    names = ["a!b"]
    for _ in range(rounds):  # each student has the name of a file that was given before
        names += [file.removesuffix(".html") for file in filenames(names, ".html").values()]
    files = filenames(set(names), ".html")
    assert len(set(files.values())) == len(files)
    assert files[names[1]] == f"{names[1]}.html", "who needs no repair keeps the name"


@pytest.mark.slow
@given(st.lists(st.one_of(st.text(max_size=300), st.sampled_from(HOSTILE)), unique=True))
def test_every_name_gets_a_safe_file_of_its_own(names: list[str]) -> None:
    files = filenames(names, ".html")
    assert files.keys() == set(names)
    assert len({file.casefold() for file in files.values()}) == len(names)
    for file in files.values():
        assert not re.search(r'[/\\\0<>:"|?*\x00-\x1f]', file)
        assert file[0] not in ".- "
        assert len(file.encode()) <= 200
        assert not re.match(r"(?i)(con|nul|aux|prn)\.", file)


@pytest.fixture
def course(tiny_course: Any) -> Course:
    return Course.load(tiny_course(lessons=["share"]))


def test_pages_are_written_where_the_class_page_links_to(tmp_path: Path, course: Course) -> None:
    results = hostile_class()
    write_pages(tmp_path, results, course)
    page = (tmp_path / CLASS_PAGE).read_text("utf-8")
    links = {value for _, attributes in Elements(page).found if (value := attributes.get("href"))}
    files = {str(path.relative_to(tmp_path)) for path in (tmp_path / FEEDBACK).iterdir()}
    assert {unquote(link) for link in links} == files
    assert len(files) == len(results.students)


def test_a_page_that_would_be_the_same_is_left_alone(tmp_path: Path, course: Course) -> None:
    write_pages(tmp_path, report(student("ada"), BEN), course)
    before = {path.name: path.stat().st_ino for path in (tmp_path / FEEDBACK).iterdir()}
    later = replace(report(student("ada"), student("ben")), graded_at="2027-01-01T00:00:00Z")
    write_pages(tmp_path, later, course)
    after = {path.name: path.stat().st_ino for path in (tmp_path / FEEDBACK).iterdir()}
    assert after["ada.html"] == before["ada.html"]
    assert after["ben.html"] != before["ben.html"]


def test_a_page_that_was_changed_by_hand_is_written_anew(tmp_path: Path, course: Course) -> None:
    write_pages(tmp_path, report(BEN), course)
    path = tmp_path / FEEDBACK / "ben.html"
    page = path.read_text("utf-8")
    path.write_text(page.replace("1</b> of 5 points", "5</b> of 5 points"), "utf-8")
    assert path.read_text("utf-8") != page
    write_pages(tmp_path, report(BEN), course)
    assert path.read_text("utf-8") == page


def test_the_page_of_a_student_who_is_gone_is_deleted_and_no_other_file(
    tmp_path: Path, course: Course
) -> None:
    write_pages(tmp_path, report(student("ada"), BEN), course)
    (tmp_path / FEEDBACK / "notes.html").write_text("mine")
    write_pages(tmp_path, report(student("ada")), course)
    assert {path.name for path in (tmp_path / FEEDBACK).iterdir()} == {"ada.html", "notes.html"}


def test_the_course_decides_how_much_students_see(tmp_path: Path, tiny_course: Any) -> None:
    course = Course.load(tiny_course(lessons=["share"], feedback="marks"))
    write_pages(tmp_path, report(BEN), course)
    assert "columns" not in text_of((tmp_path / FEEDBACK / "ben.html").read_text("utf-8"))
    assert "columns" in text_of((tmp_path / CLASS_PAGE).read_text("utf-8"))
